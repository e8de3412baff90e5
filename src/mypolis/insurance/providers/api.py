"""The API for providers' programs: who they are, and whether a presented card is valid."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router

from mypolis.foundation.journeys.schemas import ProblemDoc
from mypolis.foundation.web.problems import problem
from mypolis.insurance.ecard.counter.checking import GONE, UnknownCode
from mypolis.insurance.providers.access import ProviderAuth, provider_actor, provider_in
from mypolis.insurance.providers.card_checks import check_presented
from mypolis.insurance.providers.rights import CARD_CHECKS
from mypolis.insurance.providers.schemas import CardCheckBody, PresentedCardDoc, ProviderDoc

router = Router(tags=["providers"])


@router.get(
    "/{market}/provider", auth=ProviderAuth(), response={200: ProviderDoc, 429: ProblemDoc}, url_name="provider"
)
def provider(request: HttpRequest, market: str) -> Any:
    """The token of this request: its provider, its rights, and its expiry."""
    token, owner = request.auth, provider_in(request)  # type: ignore[attr-defined]
    about = {"code": owner.code, "name": owner.name, "networks": owner.networks}
    return {**about, "may": token.may, "ends_at": token.ends_at}


@router.post(
    "/{market}/provider/card-checks",
    auth=ProviderAuth(CARD_CHECKS.name),
    response={200: PresentedCardDoc, **dict.fromkeys((403, 404, 410, 422, 429), ProblemDoc)},
    url_name="provider-card-check",
)
def card_check(request: HttpRequest, market: str, body: CardCheckBody) -> Any:
    """Check a card that somebody presents now. 410 for an expired code and for a lost card."""
    try:
        found = check_presented(provider=provider_in(request), text=body.code, by=provider_actor(request))
    except UnknownCode:
        return problem(404, "unknown-code", _("This code is not one of ours."))
    if found.outcome in GONE:
        return problem(410, f"card-{found.outcome}", _("Please ask the member for a fresh code."))
    return {**vars(found), "plan": found.plan or None}
