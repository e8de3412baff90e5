"""What every template of the desk needs: who is signed in, the market, the menu, the search."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.markets import Profile, all_markets
from mypolis.foundation.rooms import DeskEntry, DeskSearch, Text, all_rooms
from mypolis.foundation.staff.access import staff_of, staff_session_of
from mypolis.foundation.staff.approvals.kinds import kinds_for
from mypolis.foundation.staff.entrance.addresses import is_at_desk
from mypolis.foundation.staff.entrance.middleware import market_of_page
from mypolis.foundation.staff.models import StaffAccount, StaffSession
from mypolis.foundation.staff.signin.forms import AppCodeForm
from mypolis.foundation.web.navigation import Entry

_APPROVALS: tuple[int, str, Text, str] = (85, "desk-approvals", _("Approvals"), "check")
"""For everybody who may decide something that a colleague proposed, whatever it is."""


def desk(request: HttpRequest) -> dict[str, Any]:
    """Return the context of the desk's pages; nothing elsewhere, and for strangers only that it is the desk.

    `start_url` and `start_label` are for pages that say what went wrong: they lead back to the desk, not to the portal.
    """
    if not is_at_desk(request.path):
        return {}
    start = {"start_url": reverse("desk-markets"), "start_label": _("Go to the start page")}
    staff, session = staff_of(request), staff_session_of(request)
    if staff is None or (session is not None and session.only_factors):
        return {**start, "staff": None, "desk_market": None, "desk_menu": [], "desk_markets": [], "desk_lock": None}
    profile = market_of_page(request)
    return {
        **start,
        "staff": staff,
        "desk_market": profile,
        "desk_menu": _menu(request, staff, profile) if profile else [],
        "desk_search": _search(staff, profile) if profile else None,
        "desk_markets": [one for code, one in all_markets().items() if staff.roles_in(code)],
        "desk_lock": _lock(session),
    }


def desk_entries() -> list[DeskEntry]:
    """Return all declared entries of the desk's menu, in order."""
    return sorted((entry for room in all_rooms() for entry in room.desk_entries), key=lambda entry: entry.place)


def _search(staff: StaffAccount, profile: Profile) -> DeskSearch | None:
    """The search in the header; None for staff who may not search."""
    return next((one for one in desk_searches() if staff.may(one.right, profile.code)), None)


def desk_searches() -> list[DeskSearch]:
    """Return the searches that rooms declare, in order; the header has the first that somebody may use."""
    return [room.desk_search for room in all_rooms() if room.desk_search is not None]


def _lock(session: StaffSession | None) -> dict[str, Any] | None:
    """What the lock over the page needs; None for a page that is locked already."""
    now = timezone.now()
    if session is None or session.is_locked_at(now):
        return None
    left = min(session.idle_until, session.ends_at) - now
    return {"seconds": int(left.total_seconds()), "form": AppCodeForm(auto_id="lock_%s")}


def _menu(request: HttpRequest, staff: StaffAccount, profile: Profile) -> list[Entry]:
    entries = [entry for entry in desk_entries() if staff.may(entry.right, profile.code)]
    found = [(entry.place, entry.route, entry.label, entry.icon) for entry in entries]
    if kinds_for(staff, profile.code):
        found.append(_APPROVALS)
    placed = sorted(found, key=_place)
    urls = ((reverse(route, args=[profile.code]), label, icon) for _number, route, label, icon in placed)
    return [Entry(url, label, icon, request.path.startswith(url)) for url, label, icon in urls]


def _place(entry: tuple[int, str, Text, str]) -> int:
    return entry[0]
