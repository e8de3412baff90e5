"""What other rooms put on the page of a policy: sections of their own.

Called by a room's `AppConfig.ready`, so that cover knows none of them:

    put_on_policy(Part(30, "ecard/parts/letters.html", facts=letters_of_policy))
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from mypolis.membership.people.models import Membership

type Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """A part of a policy's page: its template gets what `facts` returns, as `facts`; None where there is nothing.

    `place` orders them (payments 10, documents 20, letters 30). The membership is one that the asker may see.
    """

    place: int
    template: str
    facts: Callable[[HttpRequest, Membership], Facts | None]


@dataclass(frozen=True)
class DrawnPart:
    """A part that has something to show."""

    template: str
    facts: Facts


_PARTS: dict[str, Part] = {}


def put_on_policy(part: Part) -> None:
    """Add a part; once for each template."""
    _PARTS[part.template] = part


def parts_of(request: HttpRequest, membership: Membership) -> list[DrawnPart]:
    """The parts that have something to show of this policy, in order."""
    asked = [(part, part.facts(request, membership)) for part in sorted(_PARTS.values(), key=lambda one: one.place)]
    return [DrawnPart(part.template, facts) for part, facts in asked if facts is not None]
