"""A member's pages about cards: view, activate, show at a counter, print, replace, and see who checked."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mypolis.foundation.files.serving import PDF, protect
from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.markets.emergency import EmergencyLine
from mypolis.foundation.web.assets.installable_app import keep_offline
from mypolis.foundation.web.branding.brand import brand_of
from mypolis.foundation.web.requests import actor_of
from mypolis.foundation.web.views import error_page, limit_page
from mypolis.insurance.ecard import flows
from mypolis.insurance.ecard.cards import Held, UnknownCard, card_of, cards_of
from mypolis.insurance.ecard.counter.check_history import looks_at
from mypolis.insurance.ecard.counter.checking import place_of
from mypolis.insurance.ecard.face.card_face import card_number, code_of, front_facts
from mypolis.insurance.ecard.face.emergency_lines import emergency_of
from mypolis.insurance.ecard.face.print_values import card_pdf
from mypolis.insurance.ecard.forms import ActivateForm, ReplaceForm
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.sessions.middleware import account_of
from mypolis.membership.accounts.views import for_members
from mypolis.membership.consents.documents import document
from mypolis.membership.family.access import NotSeen, covers_by_membership, may_see
from mypolis.membership.family.relations.rules import What
from mypolis.membership.people.models import Membership

type CardView = Callable[[HttpRequest, Account, str], HttpResponse]


def for_holders(view: CardView) -> Callable[..., HttpResponse]:
    """Decorator for a page about one card. A card without access is a 404; other errors appear on the card's page."""

    @wraps(view)
    def guarded(request: HttpRequest, market: str, card: str) -> HttpResponse:
        account = account_of(request)
        if account is None:
            return redirect("signin", market)
        try:
            return view(request, account, card)
        except (UnknownCard, NotSeen):
            raise Http404("no such card") from None
        except (flows.NotInForce, flows.NotActivated):
            return redirect("card-one", market, card)
        except LimitReached as limit:
            return limit_page(request, limit.until)

    return guarded


@require_safe
@for_members
def first(request: HttpRequest, market: str, account: Account) -> HttpResponse:
    """The first card that can be shown, or a message if there is none."""
    cards = cards_of(account)
    return (
        _card_page(request, cards[0], cards)
        if cards
        else render(request, "ecard/no_card.html", {"emergency": brand_of(market).emergency})
    )


@require_safe
@for_holders
def one(request: HttpRequest, account: Account, card: str) -> HttpResponse:
    """One of several cards."""
    cards = cards_of(account, _seen(request, account, card, "card"))
    held = next((held for held in cards if held.id == card), None)
    if held is None:
        raise UnknownCard
    return _card_page(request, held, cards)


@require_POST
@for_holders
def activate(request: HttpRequest, account: Account, card: str) -> HttpResponse:
    """Accept the terms and activate the card."""
    seen = _seen(request, account, card, "card_changes")
    form = ActivateForm(request.POST, profile=account.profile)
    if not form.is_valid():
        held, cards = card_of(account, card, seen), cards_of(account, seen)
        return _card_page(request, held, cards, form=form, status=422)
    language, by = get_language() or "", actor_of(request)
    flows.activate(account=account, seen=seen, card_id=card, accepted=True, language=language, by=by)
    return redirect("card-one", account.market, card)


@require_safe
@for_holders
def counter(request: HttpRequest, account: Account, card: str) -> HttpResponse:
    """Only the code, as large as the screen allows."""
    held = card_of(account, card, _seen(request, account, card, "card"))
    return render(request, "ecard/counter.html", {"held": held, "code": code_of(held, use="now")})


@require_safe
@for_holders
def pdf(request: HttpRequest, account: Account, card: str) -> HttpResponse:
    """Both sides, as a PDF to print."""
    response = HttpResponse(card_pdf(card_of(account, card, _seen(request, account, card, "card"))), content_type=PDF)
    protect(response, name=f"{_('Insurance card')}.pdf", inline=False)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@for_holders
def replace(request: HttpRequest, account: Account, card: str) -> HttpResponse:
    """Replace a lost card: explains the effect, then does it on POST. A second press changes nothing."""
    seen = _seen(request, account, card, "card_changes")
    if request.method != "POST":
        held = card_of(account, card, seen)
        card_now = flows.active_card(held)
        return render(request, "ecard/lost.html", {"held": held, "number": card_number(held), "card": card_now})
    form = ReplaceForm(request.POST)
    if form.is_valid():
        lost = form.cleaned_data["serial"]
        flows.reissue(account=account, seen=seen, card_id=card, by=actor_of(request), lost=lost)
    return redirect("card-one", account.market, card)


@require_safe
@for_holders
def checks(request: HttpRequest, account: Account, card: str) -> HttpResponse:
    """When, with what and from where the card, or a letter about its cover, was checked."""
    held = card_of(account, card, _seen(request, account, card, "card_changes"))
    return render(request, "ecard/checks.html", {"held": held, "looks": looks_at(held, near=_here(request))})


@require_safe
@for_members
def offline(request: HttpRequest, market: str, account: Account) -> HttpResponse:
    """The page that a phone stores for use without a network: the active cards, each with an offline code."""
    good = [held for held in cards_of(account) if held.state == "active"]
    if not good:
        return error_page(request, "404")
    lines = emergency_of(brand_of(market), [held.membership for held in good])
    cards = [{**_sides(held, lines), "code": code_of(held, use="offline")} for held in good]
    all_lines = [line for line in brand_of(market).emergency_lines if any(line in some for some in lines.values())]
    kept = {"cards": cards, "emergency": all_lines, "languages": (), "is_kept": True}
    page = render(request, "ecard/offline.html", kept)
    own = [reverse("card-one", args=[market, held.membership.pk]) for held in good]
    return keep_offline(request, page, stands_for=own)


def _card_page(
    request: HttpRequest, held: Held, cards: list[Held], *, form: ActivateForm | None = None, status: int = 200
) -> HttpResponse:
    """The card's page in each of its states. `cards` are all of the member's cards, for links to the others."""
    account = account_of(request)
    may_change = account is not None and may_see(account, str(held.membership.person_id), "card_changes")
    lines = emergency_of(brand_of(held.profile.code), [held.membership])
    context: dict[str, Any] = {**_sides(held, lines), "cards": cards, "may_change": may_change}
    if held.state == "active":
        context |= {
            "code": code_of(held, use="now"),
            "paper_code": code_of(held, use="print"),
            "looks": looks_at(held, near=_here(request)) if may_change else None,
        }
    if held.state == "to_activate":
        terms = held.profile.card_document
        context["terms"] = document(held.profile.code, terms, get_language() or "") if terms else None
        context["form"] = form or ActivateForm(profile=held.profile)
    return render(request, "ecard/card.html", context, status=status)


def _sides(held: Held, lines: dict[int, list[EmergencyLine]]) -> dict[str, Any]:
    """The content of both sides."""
    facts = [(label, value) for label, value in front_facts(held) if value]
    number = card_number(held) if held.state == "active" else ""
    return {
        "held": held,
        "number": number,
        "facts": facts,
        "ended": held.state == "ended",
        "emergency": lines[held.membership.pk],
    }


def _seen(request: HttpRequest, account: Account, card: str, what: What) -> QuerySet[Membership]:
    """The memberships of the card's owner: the member, or somebody whose card they may access. Raises NotSeen."""
    return covers_by_membership(account, card, what=what, by=actor_of(request), is_recorded=request.method != "HEAD")


def _here(request: HttpRequest) -> bytes:
    return place_of(actor_of(request))
