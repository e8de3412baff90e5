"""The pages about a person at the desk: sections from many rooms.

A room adds a section in its `apps.py`, so that the desk does not need to know the room:

    extends = {"desk.person_sections": ("desk_section.CARDS",)}
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.http import HttpRequest

from mypolis.membership.people.models import Person

type Page = Literal["person", "account", "history"]


@dataclass(frozen=True)
class PersonSection:
    """A section of a page about a person, for staff who may see people.

    `facts(request, person)` returns the template's `facts`, or None to hide the section. The account, its contact
    points, and the memberships with their policies are loaded. `place` sorts the sections of a page. A section needs at
    most two statements, and shows no health data.
    """

    page: Page
    place: int
    template: str
    facts: Callable[[HttpRequest, Person], Mapping[str, Any] | None]
