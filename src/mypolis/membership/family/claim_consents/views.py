"""The pages of consents to claims: for the member who asks, and behind the link for the person who is asked."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.web.requests import actor_of
from mypolis.foundation.web.views import error_page, limit_page
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.views import for_members
from mypolis.membership.family.access import NotSeen, claimable
from mypolis.membership.family.claim_consents import flows
from mypolis.membership.family.claim_consents.candidates import candidates
from mypolis.membership.family.models import ClaimConsent


@require_safe
@for_members
def for_whom(request: HttpRequest, market: str, account: Account) -> HttpResponse:
    """For whom the member can make claims, and whose consent they can ask for."""
    needed = [
        (one, flows.CannotAsk.messages.get(one.state, "")) for one in candidates(account) if one.state != "active"
    ]
    return render(request, "family/claims.html", {"people": claimable(account), "needed": needed})


@require_POST
@for_members
def ask(request: HttpRequest, market: str, account: Account, key: str) -> HttpResponse:
    """Send a relative the link with which they can consent."""
    try:
        flows.ask(asker=account, person_key=key, by=actor_of(request))
    except NotSeen:
        raise Http404("no such person") from None
    except flows.CannotAsk as error:
        return error_page(request, "403", text=error.message)
    except LimitReached as limit:
        return limit_page(request, limit.until)
    return redirect("family-claims", market)


@require_POST
@for_members
def end(request: HttpRequest, market: str, account: Account, key: UUID) -> HttpResponse:
    """End a consent from either side, or withdraw a request."""
    try:
        ended = flows.end(account=account, consent_id=key, by=actor_of(request))
    except flows.UnknownConsent as error:
        return error_page(request, "404", text=error.message)
    return redirect("family-claims" if ended.asker_id == account.pk else "family-seers", market)


@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, market: str, token: str) -> HttpResponse:
    """The page behind the link: who asks and for what, with buttons to agree, to decline, and later to end it."""
    try:
        consent = flows.find(market=market, token=token, by=actor_of(request))
        if request.method == "POST":
            return _answered(request, consent, token)
        return _page(request, consent)
    except flows.UnknownConsent:
        return render(request, "family/consent_unknown.html", status=404)
    except LimitReached as limit:
        return limit_page(request, limit.until)


def _answered(request: HttpRequest, consent: ClaimConsent, token: str) -> HttpResponse:
    by, market, answer = actor_of(request), consent.market, request.POST.get("answer")
    try:
        if answer == "agree":
            shown, language = request.POST.get("text", ""), get_language() or ""
            flows.give(market=market, token=token, shown=shown, language=language, by=by)
        elif answer == "decline":
            flows.decline(market=market, token=token, by=by)
        elif answer == "end":
            flows.end_by_link(market=market, token=token, by=by)
    except flows.OtherText as error:
        return _page(request, consent, problem=error, status=422)
    except flows.UnknownConsent:
        pass  # answered elsewhere meanwhile: the page says what holds now
    return redirect("claim-consent", market, token)


def _page(
    request: HttpRequest, consent: ClaimConsent, *, problem: flows.OtherText | None = None, status: int = 200
) -> HttpResponse:
    state = consent.state_at(timezone.now())
    context = {
        "consent": consent,
        "state": state,
        "text": flows.text_of(consent.market, get_language() or ""),
        "problem": problem.message if problem is not None else "",
    }
    return render(request, "family/consent.html", context, status=410 if state == "unanswered" else status)
