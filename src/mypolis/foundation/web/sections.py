"""What rooms add to a member's home: cards, and whatever the member is asked to do. Rooms declare both."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from mypolis.foundation.markets.profile import Text
from mypolis.foundation.rooms import HomeCard, Room, all_rooms, declared

type Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Waiting:
    """Something that the member is asked to do; without an address where it is done elsewhere."""

    title: Text
    text: Text
    url: str = ""
    icon: str = "bell"


@dataclass(frozen=True)
class Drawn:
    """A card that has something to show."""

    template: str
    facts: Facts
    beside: bool


def sections_of(request: HttpRequest) -> list[Drawn]:
    """The cards that have something to show to the member of this request, in order."""
    asked = [(card, room.load(card.facts)(request)) for card, room in _cards()]
    return [Drawn(card.template, facts, card.beside) for card, facts in asked if facts is not None]


def waiting_of(request: HttpRequest) -> list[Waiting]:
    """Everything that the member of this request is asked to do."""
    return [one for source in declared("waiting") for one in source(request)]


def _cards() -> list[tuple[HomeCard, Room]]:
    return sorted(((card, room) for room in all_rooms() for card in room.home_cards), key=lambda found: found[0].place)
