"""The page of a policy: sections from this room and others.

A room adds a section in its `apps.py`, so that cover does not need to know the room:

    extends = {"coverage.policy_sections": ("letter_pages.LETTERS",)}
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from mypolis.foundation.rooms import extensions
from mypolis.membership.people.models import Membership

type Facts = Mapping[str, Any]


@dataclass(frozen=True)
class PolicySection:
    """A section of a policy's page. `facts` returns the template's `facts`, or None to hide the section.

    `place` is the sort order (payments 10, documents 20, letters 30). The caller has checked access to the membership.
    """

    place: int
    template: str
    facts: Callable[[HttpRequest, Membership], Facts | None]


@dataclass(frozen=True)
class DrawnSection:
    """A section that has content."""

    template: str
    facts: Facts


def sections_of(request: HttpRequest, membership: Membership) -> list[DrawnSection]:
    """The sections that have content for this policy, in order."""
    sections: list[PolicySection] = sorted(extensions("coverage.policy_sections"), key=lambda section: section.place)
    asked = [(section, section.facts(request, membership)) for section in sections]
    return [DrawnSection(section.template, facts) for section, facts in asked if facts is not None]
