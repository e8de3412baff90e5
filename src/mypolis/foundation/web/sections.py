"""What rooms put on a member's home: sections of their own, and whatever waits for the member.

Called by a room's `AppConfig.ready`, so that home knows none of them:

    put_on_home(Section(20, "coverage/home.html", facts=coverage_at_home))
    let_wait(unanswered_questions)
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from mypolis.foundation.markets.profile import Text

type Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Section:
    """A part of home: its template gets what `facts` returns, as `facts`; None where there is nothing to show.

    `place` orders them (Cover 20, Claims 30, Find care 40). One that is `beside` stands in the narrow column of wide
    screens; on phones all follow each other.
    """

    place: int
    template: str
    facts: Callable[[HttpRequest], Facts | None]
    beside: bool = False


@dataclass(frozen=True)
class Waiting:
    """Something that the member is asked to do; without an address where it is done elsewhere."""

    title: Text
    text: Text
    url: str = ""
    icon: str = "bell"


@dataclass(frozen=True)
class Drawn:
    """A section that has something to show."""

    template: str
    facts: Facts
    beside: bool


_SECTIONS: dict[str, Section] = {}
_WAITING: list[Callable[[HttpRequest], Iterable[Waiting]]] = []


def put_on_home(section: Section) -> None:
    """Add a section; once for each template."""
    _SECTIONS[section.template] = section


def let_wait(source: Callable[[HttpRequest], Iterable[Waiting]]) -> None:
    """Add a source of things that wait for the signed-in member of a request."""
    if source not in _WAITING:
        _WAITING.append(source)


def sections_of(request: HttpRequest) -> list[Drawn]:
    """The sections that have something to show to the member of this request, in order."""
    asked = [(section, section.facts(request)) for section in sorted(_SECTIONS.values(), key=lambda one: one.place)]
    return [Drawn(section.template, facts, section.beside) for section, facts in asked if facts is not None]


def waiting_of(request: HttpRequest) -> list[Waiting]:
    """All that waits for the member of this request."""
    return [one for source in _WAITING for one in source(request)]
