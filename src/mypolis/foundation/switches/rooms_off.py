"""Switches a room off in a market and on again, and says whether one is off."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import get_language

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.rooms import Room, Text, all_rooms
from mypolis.foundation.switches import state
from mypolis.foundation.switches.event_kinds import SwitchEvent
from mypolis.foundation.switches.models import SwitchedOff

LONGEST_TEXT = 400


class NoSuchSwitch(Exception):
    """No room with this label can be off."""


def rooms_with_switch() -> dict[str, Room]:
    """Return the rooms that declare a switch, by label."""
    return {room.label: room for room in all_rooms() if room.switch is not None}


@transaction.atomic
def switch_off(*, market: str, room: str, texts: Mapping[str, str], by: Actor) -> SwitchedOff:
    """Switch a room off; once more only changes the texts. `texts`: one for each language of the market, or none.

    Raises NoSuchSwitch, and ValueError for texts that are missing or too long.
    """
    if room not in rooms_with_switch():
        raise NoSuchSwitch(room)
    if texts and texts.keys() != set(profile_of(market).languages):
        raise ValueError("a text for each language of the market, or none")
    if any(not text or len(text) > LONGEST_TEXT for text in texts.values()):
        raise ValueError("an empty or a too long text")
    row, _is_new = SwitchedOff.objects.update_or_create(market=market, room=room, defaults={"texts": dict(texts)})
    record(SwitchEvent.ROOM_OFF, market=market, by=by, subject=row, room=room)
    state.read_again()
    return row


@transaction.atomic
def switch_on(*, market: str, room: str, by: Actor) -> bool:
    """Switch a room on. Returns whether it was off. Raises NoSuchSwitch."""
    if room not in rooms_with_switch():
        raise NoSuchSwitch(room)
    deleted, _by_model = SwitchedOff.objects.filter(market=market, room=room).delete()
    if deleted:
        record(SwitchEvent.ROOM_ON, market=market, by=by, room=room)
        state.read_again()
    return bool(deleted)


def why_off(market: str, room: Room) -> Text | None:
    """Return what members are told if the room is off in a market, in the page's language; None if it is on."""
    if room.switch is None:
        return None
    texts = state.state_of(market).off.get(room.label)
    if texts is None:
        return None
    return texts.get(get_language() or "") or room.switch.instead
