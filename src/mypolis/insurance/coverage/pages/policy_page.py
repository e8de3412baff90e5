"""The page of a policy: sections that this room and others add to it.

A room adds one in its `apps.py`, so that cover knows none of them:

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
    """A section of a policy's page. `facts` returns what the template gets as `facts`, or None to show nothing.

    `place` orders them (payments 10, documents 20, letters 30). The asker may see the membership.
    """

    place: int
    template: str
    facts: Callable[[HttpRequest, Membership], Facts | None]


@dataclass(frozen=True)
class DrawnSection:
    """A section that has something to show."""

    template: str
    facts: Facts


def sections_of(request: HttpRequest, membership: Membership) -> list[DrawnSection]:
    """The sections that have something to show about this policy, in order."""
    sections: list[PolicySection] = sorted(extensions("coverage.policy_sections"), key=lambda section: section.place)
    asked = [(section, section.facts(request, membership)) for section in sections]
    return [DrawnSection(section.template, facts) for section, facts in asked if facts is not None]
