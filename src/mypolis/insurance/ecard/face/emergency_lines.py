"""Emergency numbers for a card: the brand's lines that fit what the policy insures.

A car policy's card lists no ambulance.
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
    """The brand's lines for each cover, by the membership's key; the health lines if the insured kind is unknown.

    The number of queries does not depend on the number of memberships.
    """
    rows = list(memberships)
    known = kinds_insured(rows)
    return {row.pk: _lines_for(brand, known.get(row.pk, _UNKNOWN)) for row in rows}


def _lines_for(brand: Brand, kinds: Kinds) -> list[EmergencyLine]:
    medical = brand.emergency if kinds & _MEDICAL else ()
    return [*medical, *(line for line in brand.emergency_lines if line.kind == "roadside" and "car" in kinds)]
