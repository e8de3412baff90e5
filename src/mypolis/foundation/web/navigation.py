"""The member's menu: a bar on phones, a column on wide screens. Rooms declare the entries."""

from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse

from mypolis.foundation.markets.profile import Text
from mypolis.foundation.rooms import NavigationEntry, all_rooms

MOST_IN_BAR = 5


class Entry(NamedTuple):
    """An entry for the template. Entries `beyond` the phone's bar are on the page More."""

    url: str
    label: Text
    icon: str
    is_current: bool = False
    is_beyond: bool = False


def all_entries() -> list[NavigationEntry]:
    """Return all declared entries, in order."""
    return sorted((entry for room in all_rooms() for entry in room.navigation), key=lambda entry: entry.place)


def menu_of(request: HttpRequest, market: str) -> list[Entry]:
    """Return the menu, in order. The phone's bar has space for the first entries and for the last one, More."""
    entries = [entry for entry in all_entries() if not entry.seldom]
    first_beyond = MOST_IN_BAR - 1 if len(entries) > MOST_IN_BAR else len(entries)
    addresses = [(reverse(entry.route, args=[market]), entry) for entry in entries]
    return [
        Entry(url, entry.label, entry.icon, request.path.startswith(url), first_beyond <= at < len(entries) - 1)
        for at, (url, entry) in enumerate(addresses)
    ]


def on_more(request: HttpRequest, market: str) -> list[Entry]:
    """Return the entries of the page More: those that do not fit into the bar, then the seldom ones."""
    seldom = [Entry(reverse(one.route, args=[market]), one.label, one.icon) for one in all_entries() if one.seldom]
    return [*(entry for entry in menu_of(request, market) if entry.is_beyond), *seldom]
