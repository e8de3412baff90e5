"""What the rooms show about a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from mypolis.foundation.rooms import extensions
from mypolis.membership.people.desk_page import Page, PersonSection
from mypolis.membership.people.models import Person


@dataclass(frozen=True)
class DrawnSection:
    """A section that has content."""

    template: str
    facts: Mapping[str, Any]


def sections_of(request: HttpRequest, person: Person, page: Page) -> list[DrawnSection]:
    """The sections of a page that have content for this person, in order."""
    declared: list[PersonSection] = extensions("desk.person_sections")
    sections = sorted((one for one in declared if one.page == page), key=lambda section: section.place)
    asked = [(section, section.facts(request, person)) for section in sections]
    return [DrawnSection(section.template, facts) for section, facts in asked if facts is not None]
