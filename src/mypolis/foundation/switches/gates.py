"""Finds the room of a page, of an operation of the API, and of a kind of journey."""

from functools import cache

from mypolis.foundation.journeys.definitions.errors import Closed
from mypolis.foundation.rooms import Room
from mypolis.foundation.switches.rooms_off import rooms_with_switch, why_off

_API = "api/v1"


def room_of_page(module: str, route: str) -> Room | None:
    """Return the room with a switch whose view is in this module; None for a route of a page that stays open."""
    room = next((room for room in rooms_with_switch().values() if module.startswith(f"{room.name}.")), None)
    return room if room is not None and room.switch is not None and route not in room.switch.stays_open else None


def room_of_operation(route: str) -> Room | None:
    """Return the room with a switch to which a route of the API belongs, such as "api/v1/<market>/cards"."""
    return _operations().get(route)


def close_journeys(market: str, kind: str) -> None:
    """Refuse a new journey of a kind that a switched-off room declares. Raises Closed."""
    room = _kinds().get(kind)
    text = why_off(market, room) if room is not None else None
    if text is not None:
        raise Closed(text)


@cache
def _operations() -> dict[str, Room]:
    return {
        f"{_API}{path}".replace("{", "<").replace("}", ">"): room
        for room in rooms_with_switch().values()
        for part in room.api
        for path in room.load(part.router).path_operations
    }


@cache
def _kinds() -> dict[str, Room]:
    return {kind.name: room for room in rooms_with_switch().values() for kind in room.vocabulary.journeys}
