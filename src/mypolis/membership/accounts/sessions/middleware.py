"""Who is signed in: `request.device` and `request.account`, each in the market of the address only."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from mypolis.foundation.web import cookies
from mypolis.foundation.web.requests import is_for_api
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.sessions.devices import holder_of_session


class SignedIn:
    """Finds the device by the session cookie of this market."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look up the session only when its cookie was sent. The API ignores cookies."""
        profile = None if is_for_api(request) else getattr(request, "market", None)
        token = cookies.read(request, "session", profile.code) if profile else ""
        device = holder_of_session(token, market=profile.code) if profile and token else None
        request.device = device  # type: ignore[attr-defined]
        request.account = device.account if device else None  # type: ignore[attr-defined]
        return self.get_response(request)


def account_of(request: HttpRequest) -> Account | None:
    """The signed-in member; None for a stranger."""
    account: Account | None = request.account  # type: ignore[attr-defined]
    return account
