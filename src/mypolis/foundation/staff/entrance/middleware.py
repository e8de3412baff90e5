"""Who is signed in at the desk: `request.staff` and `request.staff_session`. Elsewhere both are None.

The portal's session cookie is never read here, and this one never elsewhere.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from mypolis.foundation.markets import Profile, all_markets
from mypolis.foundation.staff.entrance import cookies, sessions
from mypolis.foundation.staff.entrance.addresses import desk_host, is_at_desk
from mypolis.foundation.staff.entrance.networks import is_allowed
from mypolis.foundation.staff.models import StaffAccount

ASKED_BY_SCRIPT = frozenset({"/desk/awake/", "/desk/unlock/"})
"""Read by the page's script, not by a person: this does not keep a session awake. A POST tells what a person did."""

_OWN_ACCOUNT = "/desk/me/"


class AtTheDesk:
    """Finds the session of a member of staff, for addresses under `/desk/`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set who is signed in, and use the time zone of the page's market. Raises Http404 at a wrong host."""
        request.staff = request.staff_session = None  # type: ignore[attr-defined]
        if not is_at_desk(request.path):
            _require_portal(request)
            return self.get_response(request)
        if desk_host() and request.get_host() != desk_host():
            raise Http404("the desk has a host of its own")
        if "\x00" in request.path:  # no number or name has one, and PostgreSQL cannot compare it
            raise Http404("a null character in the address")
        request.is_desk_open = is_allowed(request)  # type: ignore[attr-defined]
        token = cookies.read_session(request)
        session = sessions.session_of(token) if token and request.is_desk_open else None  # type: ignore[attr-defined]
        if session is not None:
            request.staff_session, request.staff = session, session.account  # type: ignore[attr-defined]
            if request.method == "POST" or request.path not in ASKED_BY_SCRIPT:
                sessions.keep_awake(session)
        profile, working_in = desk_market(request.path), market_of_page(request)
        with timezone.override(working_in.zone if working_in else None):
            response = self.get_response(request)
        if session is not None and profile and cookies.read_market(request) != profile.code:
            cookies.write_market(response, profile.code)
        return response


def desk_market(path: str) -> Profile | None:
    """The market in an address such as `/desk/rs/claims/`; None for pages of no market."""
    parts = path.split("/", 3)
    return all_markets().get(parts[2]) if len(parts) > 2 else None


def market_of_page(request: HttpRequest) -> Profile | None:
    """The market in the address. One's own account belongs to none: there it is the one where somebody worked last."""
    profile = desk_market(request.path)
    staff: StaffAccount | None = getattr(request, "staff", None)
    if profile is not None or staff is None or not request.path.startswith(_OWN_ACCOUNT):
        return profile
    codes = sorted(code for code in all_markets() if staff.roles_in(code))
    last = cookies.read_market(request)
    return all_markets()[last if last in codes else codes[0]] if codes else None


def _require_portal(request: HttpRequest) -> None:
    """Refuse the portal's pages at the desk's own host."""
    if not desk_host() or request.get_host() != desk_host() or desk_host() == _portal_host():
        return
    if not request.path.startswith((settings.STATIC_URL, "/language/", "/healthz", "/readyz")):
        raise Http404("only the desk is at this host")


def _portal_host() -> str:
    return str(settings.MYPOLIS.public_url).partition("://")[2].partition("/")[0]
