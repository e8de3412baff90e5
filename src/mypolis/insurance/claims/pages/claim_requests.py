"""What the views of claims share: finding the claim that a request names, and the page for what is not possible now."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from mypolis.foundation.web.requests import actor_of
from mypolis.insurance.claims import access
from mypolis.insurance.claims.lifecycle.states import NotAllowed
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.claims.presenters import ShownClaim, shown
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.views import for_members


def for_claims(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Restrict a page to signed-in members, and turn what its flow refuses into a page.

    A claim that they may not see, or no longer, is not found. What its state does not allow is explained.
    """

    @wraps(view)
    @for_members
    def guarded(request: HttpRequest, market: str, account: Account, claim: str) -> HttpResponseBase:
        try:
            return view(request, market, account, claim)
        except access.UnknownClaim:
            raise Http404("not their claim") from None
        except NotAllowed:
            return not_now(request, account, claim)

    return guarded


def claim_or_404(account: Account, claim: str) -> Claim:
    """A claim that the member may see. Raises Http404 without saying why; records nothing."""
    try:
        return access.find(account, claim)
    except access.UnknownClaim:
        raise Http404("no such claim") from None


def opened(request: HttpRequest, account: Account, claim: str) -> ShownClaim:
    """A claim that the member opens, as they see it. Records the viewing of somebody else's; not for HEAD requests."""
    found = claim_or_404(account, claim)
    if request.method != "HEAD":
        access.record_viewings(account, [found], by=actor_of(request))
    return shown([found], account)[0]


def sent_or_404(request: HttpRequest, account: Account, claim: str) -> ShownClaim:
    """Like `opened`, for pages that only sent claims have."""
    found = opened(request, account, claim)
    if not found.claim.number:
        raise Http404("a draft has no such page")
    return found


def not_now(request: HttpRequest, account: Account, claim: str) -> HttpResponse:
    """409: the claim's state does not allow this; the page says where the claim is and what is possible."""
    found = shown([claim_or_404(account, claim)], account)[0]
    return render(request, "claims/not_now.html", {"shown": found}, status=409)
