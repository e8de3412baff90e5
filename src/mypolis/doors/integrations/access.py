"""Who is let in: a partner's token, for what it may, so often an hour."""

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
    """The token is good, and not for this."""


class Partner(HttpBearer):
    """A partner's token, in the market of the address only, that may do one thing; without one, any token."""

    def __init__(self, may: str = "") -> None:
        super().__init__()
        self._may = may

    def authenticate(self, request: HttpRequest, token: str) -> PartnerToken | None:
        """The token; None leads to a 401. Raises MayNot or LimitReached."""
        profile = getattr(request, "market", None)
        shown = recognise(token, market=profile.code) if profile is not None else None
        if shown is None:
            return None
        spend(PARTNER_CALLS, shown.partner, market=shown.market)
        if self._may and self._may not in shown.may:
            raise MayNot(self._may)
        return shown


def partner_of(request: HttpRequest) -> Actor:
    """Who makes this request: the holder of the token that it showed."""
    token: PartnerToken = request.auth  # type: ignore[attr-defined]
    return replace(actor_of(request), kind="partner", id=str(token.pk))
