"""Access control for partners: a token, its rights, and a limit per hour."""

from dataclasses import replace

from django.http import HttpRequest
from ninja.security import HttpBearer

from mypolis.doors.integrations.flows import recognise
from mypolis.doors.integrations.limits import PARTNER_CALLS
from mypolis.doors.integrations.models import PartnerToken
from mypolis.foundation.events import Actor
from mypolis.foundation.guards.flows import spend
from mypolis.foundation.web.requests import actor_of


class MayNot(Exception):
    """The token is valid but lacks this right."""


class Partner(HttpBearer):
    """Bearer authentication: a partner's token for the URL's market and one right; without a right, any token."""

    def __init__(self, may: str = "") -> None:
        super().__init__()
        self._may = may

    def authenticate(self, request: HttpRequest, token: str) -> PartnerToken | None:
        """The token; None results in a 401. Raises MayNot or LimitReached."""
        profile = getattr(request, "market", None)
        shown = recognise(token, market=profile.code) if profile is not None else None
        if shown is None:
            return None
        spend(PARTNER_CALLS, shown.partner, market=shown.market)
        if self._may and self._may not in shown.may:
            raise MayNot(self._may)
        return shown


def partner_of(request: HttpRequest) -> Actor:
    """The partner whose token authenticated this request."""
    token: PartnerToken = request.auth  # type: ignore[attr-defined]
    return replace(actor_of(request), kind="partner", id=str(token.pk))
