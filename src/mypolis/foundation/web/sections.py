"""What rooms add to a member's home page: cards and tasks for the member. Rooms declare both."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from mypolis.foundation.markets.profile import Text
from mypolis.foundation.rooms import HomeCard, Room, all_rooms, declared

type Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Waiting:
    """A task for the member. It has no URL if it is done elsewhere."""

    title: Text
    text: Text
    url: str = ""
    icon: str = "bell"


@dataclass(frozen=True)
class Drawn:
    """A card with its content."""

    template: str
    facts: Facts
    beside: bool


def sections_of(request: HttpRequest) -> list[Drawn]:
    """Return the cards that have content for the member of this request, in order."""
    asked = [(card, room.load(card.facts)(request)) for card, room in _cards()]
    return [Drawn(card.template, facts, card.beside) for card, facts in asked if facts is not None]


def waiting_of(request: HttpRequest) -> list[Waiting]:
    """Return all tasks for the member of this request."""
    return [one for source in declared("waiting") for one in source(request)]


def _cards() -> list[tuple[HomeCard, Room]]:
    return sorted(((card, room) for room in all_rooms() for card in room.home_cards), key=lambda found: found[0].place)
