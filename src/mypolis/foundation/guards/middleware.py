"""Counts what limits refused during a request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from mypolis.foundation.guards.refusals import refusals_counted
from mypolis.foundation.markets import Profile


class RefusalsAreCounted:
    """Counts refusals after the response was made. A request without any costs at most the write of earlier ones."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle the request. Needs `MarketAndLanguage` before it."""
        profile: Profile | None = getattr(request, "market", None)
        with refusals_counted(market=profile.code if profile else ""):
            return self.get_response(request)
