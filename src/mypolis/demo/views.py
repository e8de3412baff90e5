"""The inbox, for people and for tests: the messages that the product sent, and the sample people."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.csp import CSP
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from mypolis.demo.models import InboxMessage, InboxMessageQuerySet
from mypolis.demo.people import sample_people
from mypolis.demo.samples.colleagues import sample_colleagues
from mypolis.foundation.markets import market_codes
from mypolis.foundation.web.branding.brand import brand_of

PER_PAGE = 30
MOST_AS_JSON = 1_000


@require_safe
@never_cache
def inbox(request: HttpRequest) -> HttpResponse:
    """A phone, a mailbox, the sample people of one market, and the colleagues at its desk."""
    chosen = request.GET.get("market", "")
    if chosen not in market_codes():
        chosen = market_codes()[0]
    to = _address(request)
    messages = _messages(chosen, to)
    page = request.GET.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 7 else 1
    texts, has_older_texts = _page(messages.filter(channel="sms"), number)
    mails, has_older_mails = _page(messages.exclude(channel="sms"), number)
    people = sample_people(chosen)
    return render(
        request,
        "demo/inbox.html",
        {
            "chosen": chosen,
            "to": to,
            "tabs": [(code, brand_of(code).name) for code in market_codes()],
            "texts": texts,
            "mails": mails,
            "page_number": number,
            "has_older": has_older_texts or has_older_mails,
            "people": people,
            "colleagues": sample_colleagues(chosen),
            "shown": {
                name: any(getattr(sample, name) for sample in people) for name in ("national_id", "participant_number")
            },
        },
    )


@require_safe
@never_cache
def messages_json(request: HttpRequest) -> JsonResponse:
    """The newest messages first, at most a thousand; `to` and `market` filter them."""
    messages = _messages(request.GET.get("market", ""), _address(request))[:MOST_AS_JSON]
    return JsonResponse([_as_json(message) for message in messages], safe=False)


@require_safe
@never_cache
def people_json(request: HttpRequest) -> JsonResponse:
    """Sample people, ordinary ones first, with everything that a journey asks for."""
    return JsonResponse([asdict(sample) for sample in sample_people(request.GET.get("market", ""))], safe=False)


@require_safe
@never_cache
def colleagues_json(request: HttpRequest) -> JsonResponse:
    """Sample colleagues at the desk, each with the password and the code that their authenticator app shows now."""
    return JsonResponse([asdict(one) for one in sample_colleagues(request.GET.get("market", ""))], safe=False)


@require_safe
@xframe_options_sameorigin
@csp_override(
    {
        "default-src": [CSP.NONE],
        "style-src": [CSP.UNSAFE_INLINE],
        "img-src": [CSP.SELF, "data:"],
        "frame-ancestors": [CSP.SELF],
        "sandbox": [""],
    }
)
def message_html(request: HttpRequest, message_id: int) -> HttpResponse:
    """The HTML of one email as a mail program shows it: inline styles are allowed, scripts never run."""
    message = get_object_or_404(InboxMessage, pk=message_id, channel="email")
    return HttpResponse(message.html)


def _page(messages: InboxMessageQuerySet, number: int) -> tuple[list[InboxMessage], bool]:
    """The messages of a page, counted from 1, and whether there are older ones."""
    rows = list(messages[(number - 1) * PER_PAGE : number * PER_PAGE + 1])
    return rows[:PER_PAGE], len(rows) > PER_PAGE


def _address(request: HttpRequest) -> str:
    return request.GET.get("to", "").replace("\0", "").strip()


def _messages(market: str, to: str) -> InboxMessageQuerySet:
    """Messages of a market, or of all markets; optionally only those to one address."""
    messages: InboxMessageQuerySet = InboxMessage.objects.all()
    if market:
        messages = messages.filter(market__in={market} & set(market_codes()))
    return messages.sent_to(to) if to else messages


def _as_json(message: InboxMessage) -> dict[str, Any]:
    return {
        "id": message.pk,
        "market": message.market,
        "channel": message.channel,
        "to": message.to,
        "subject": message.subject,
        "text": message.text,
        "html": message.html,
        "links": message.links,
        "code": message.code or None,
        "sent_at": message.sent_at,
        "received_times": message.received_times,
    }
