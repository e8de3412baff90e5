"""Access control for providers' programs: a token, its rights, and a limit per hour."""

from dataclasses import replace

from django.http import HttpRequest
from ninja.security import HttpBearer

from mypolis.foundation.events import Actor
from mypolis.foundation.guards.flows import spend
from mypolis.foundation.web.requests import actor_of
from mypolis.insurance.providers.flows import recognise
from mypolis.insurance.providers.limits import PROVIDER_CALLS
from mypolis.insurance.providers.models import Provider, ProviderToken


class ProviderMayNot(Exception):
    """The provider's token is valid but lacks this right."""


class ProviderAuth(HttpBearer):
    """Bearer authentication: a provider's token for the URL's market and one right; without a right, any token."""

    def __init__(self, may: str = "") -> None:
        super().__init__()
        self._may = may

    def authenticate(self, request: HttpRequest, token: str) -> ProviderToken | None:
        """The token; None results in a 401. Raises ProviderMayNot or LimitReached."""
        profile = getattr(request, "market", None)
        shown = recognise(token, market=profile.code) if profile is not None else None
        if shown is None:
            return None
        spend(PROVIDER_CALLS, str(shown.provider_id), market=shown.provider.market)
        if self._may and self._may not in shown.may:
            raise ProviderMayNot(self._may)
        return shown


def provider_in(request: HttpRequest) -> Provider:
    """The provider whose token authenticated this request."""
    token: ProviderToken = request.auth  # type: ignore[attr-defined]
    return token.provider


def provider_actor(request: HttpRequest) -> Actor:
    """The provider as the one who acts."""
    return replace(actor_of(request), kind="provider", id=str(provider_in(request).pk))
