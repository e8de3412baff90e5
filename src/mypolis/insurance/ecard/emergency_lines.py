"""Whom to call in an emergency: the lines of the brand that belong to what the policy insures.

A card of a car's policy says nothing of ambulances.
"""

from collections.abc import Iterable

from mypolis.foundation.markets.emergency import EmergencyLine, InsuredKind
from mypolis.foundation.web.branding.brand import Brand
from mypolis.insurance.coverage.plan_books.plan_lookup import kinds_insured
from mypolis.membership.people.models import Membership

type Kinds = frozenset[InsuredKind]

_MEDICAL: Kinds = frozenset({"health", "travel", "life"})
_UNKNOWN: Kinds = frozenset({"health"})


def emergency_of(brand: Brand, memberships: Iterable[Membership]) -> dict[int, list[EmergencyLine]]:
    """The brand's lines for each cover, by the membership's key; those of health where it is not known what it insures.

    As many queries for many as for one.
    """
    rows = list(memberships)
    known = kinds_insured(rows)
    return {row.pk: _lines_for(brand, known.get(row.pk, _UNKNOWN)) for row in rows}


def _lines_for(brand: Brand, kinds: Kinds) -> list[EmergencyLine]:
    medical = brand.emergency if kinds & _MEDICAL else ()
    return [*medical, *(line for line in brand.emergency_lines if line.kind == "roadside" and "car" in kinds)]
