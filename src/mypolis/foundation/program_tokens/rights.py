"""What tokens can allow, and how long they work. Imports nothing from Django: the command line reads it first."""

from collections.abc import Iterable
from datetime import timedelta

from mypolis.foundation.rooms import Room
from mypolis.foundation.rooms.declared import Holder

LONGEST_LIFE = timedelta(days=400)
USUAL_LIFE = timedelta(days=365)


def rights_of(holder: Holder, rooms: Iterable[type[Room]]) -> dict[str, str]:
    """Every right that rooms declare for such programs, with its description in English."""
    rights = (right for room in rooms for right in room.rights if holder in right.holders)
    return {right.name: str(right.does) for right in rights}
