"""Whom to call in an emergency: the lines of the brand that belong to what the policy insures.

A card of a car's policy says nothing of ambulances. What a policy insures is known to the room of plans, above this
one: it says so by `tell_kinds(source)` in its `AppConfig.ready`.
"""

from collections.abc import Callable, Iterable

from mypolis.markets.emergency import EmergencyLine, InsuredKind
from mypolis.people.models import Membership
from mypolis.web.brand import Brand

type Kinds = frozenset[InsuredKind]

_MEDICAL: Kinds = frozenset({"health", "travel", "life"})
_UNKNOWN: Kinds = frozenset({"health"})
_SOURCES: list[Callable[[Iterable[Membership]], dict[int, Kinds]]] = []


def tell_kinds(source: Callable[[Iterable[Membership]], dict[int, Kinds]]) -> None:
    """Add a source that says, by the membership's key, what it insures; whoever it does not know is left out."""
    if source not in _SOURCES:
        _SOURCES.append(source)


def emergency_of(brand: Brand, memberships: Iterable[Membership]) -> dict[int, list[EmergencyLine]]:
    """The brand's lines for each cover, by the membership's key; those of health where it is not known what it insures.

    As many queries for many as for one.
    """
    rows = list(memberships)
    known = {key: kinds for source in _SOURCES for key, kinds in source(rows).items()}
    return {row.pk: _lines_for(brand, known.get(row.pk, _UNKNOWN)) for row in rows}


def _lines_for(brand: Brand, kinds: Kinds) -> list[EmergencyLine]:
    medical = brand.emergency if kinds & _MEDICAL else ()
    return [*medical, *(line for line in brand.emergency_lines if line.kind == "roadside" and "car" in kinds)]
