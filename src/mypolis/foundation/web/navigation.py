"""The rooms of a member, as the bar on phones and the column on wide screens show them. Each room announces itself."""

from dataclasses import dataclass
from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse

from mypolis.foundation.markets.profile import Text

MOST_IN_BAR = 5


@dataclass(frozen=True)
class Room:
    """One entry; `place` orders them (Home 10, Cover 20, Claims 30, Find care 40, More 90).

    `promise` tells on a market's first page, in a sentence, what members find in it. One that `opens_offline` lets the
    phone keep a page of its own (`install.keep_offline`) beneath its address. A `seldom` one stands on the page More
    alone.
    """

    place: int
    route: str
    label: Text
    icon: str
    promise: Text = ""
    opens_offline: bool = False
    seldom: bool = False


class Entry(NamedTuple):
    """A room as drawn; those that are `beyond` the bar of a phone stand on the page More."""

    url: str
    label: Text
    icon: str
    is_current: bool = False
    is_beyond: bool = False


_ROOMS: dict[str, Room] = {}


def announce(room: Room) -> None:
    """Called by a room's `AppConfig.ready`; its route takes the market alone."""
    _ROOMS[room.route] = room


def all_rooms() -> list[Room]:
    """Every room that this deployment has, in order."""
    return sorted(_ROOMS.values(), key=lambda room: room.place)


def rooms_of(request: HttpRequest, market: str) -> list[Entry]:
    """The rooms of the menu, in order. A bar has room for the first ones and for the last, which is More."""
    rooms = [room for room in all_rooms() if not room.seldom]
    first_beyond = MOST_IN_BAR - 1 if len(rooms) > MOST_IN_BAR else len(rooms)
    addresses = [(reverse(room.route, args=[market]), room) for room in rooms]
    return [
        Entry(url, room.label, room.icon, request.path.startswith(url), first_beyond <= at < len(rooms) - 1)
        for at, (url, room) in enumerate(addresses)
    ]


def on_more(request: HttpRequest, market: str) -> list[Entry]:
    """What the page More leads to: rooms that a bar has no place for, then those that are needed seldom."""
    seldom = [Entry(reverse(room.route, args=[market]), room.label, room.icon) for room in all_rooms() if room.seldom]
    return [*(entry for entry in rooms_of(request, market) if entry.is_beyond), *seldom]
