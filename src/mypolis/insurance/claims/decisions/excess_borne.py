"""How much of an excess earlier decisions took from a member.

Our rules store to which buckets it belongs. For a decision from outside, the plan of the day says it.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Self
from uuid import UUID

from django.db.models import OuterRef, Subquery

from mypolis.insurance.claims.adjudication.lines import AdjudicatedLine, ExcessBucket
from mypolis.insurance.claims.decisions.ledger_ids import short
from mypolis.insurance.claims.models import Claim, DecidedLine, Decision
from mypolis.insurance.coverage.ledger.arithmetic import ZERO, year_of
from mypolis.insurance.coverage.ledger.snapshot import Plans
from mypolis.insurance.coverage.plan_books.plan import Excess
from mypolis.membership.people.models import Membership

type _Excesses = dict[tuple[int, str], tuple[Excess, Membership, str]]


class ExcessBorne:
    """The excess that members bore, by bucket and claim."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, ExcessBucket], dict[UUID, Decimal]] = defaultdict(dict)

    @classmethod
    def read(cls, claims: Iterable[Claim], plans: Plans) -> Self:
        """Read what the decisions that hold say about the claims' members; no query if no plan has an excess."""
        found = cls()
        members = {claim.membership_id: claim.membership for claim in claims}
        excesses = _excesses(members, plans)
        if not excesses:
            return found
        for row in _decided(excesses):
            member, benefit = row.decision.claim.membership_id, row.line.benefit or row.decision.claim.benefit
            for bucket, amount in _buckets_of(row, benefit, excesses.get((member, benefit))):
                found.add(row.decision.claim_id, member, bucket, amount)
        return found

    def add(self, claim: UUID, member: int, bucket: ExcessBucket, amount: Decimal) -> None:
        """Count what a claim bore."""
        by_claim = self._found[member, bucket]
        by_claim[claim] = by_claim.get(claim, ZERO) + amount

    def of(self, member: int, bucket: ExcessBucket, *, without: UUID) -> Decimal:
        """What other claims bore."""
        by_claim = self._found.get((member, bucket), {})
        return sum((amount for claim, amount in by_claim.items() if claim != without), ZERO)


def buckets_as_facts(line: AdjudicatedLine) -> dict[str, str]:
    """The buckets of a line's excess, to be stored with its cut."""
    return {f"{bucket.per} {bucket.key}": str(amount) for bucket, amount in line.excess}


def _excesses(members: dict[int, Membership], plans: Plans) -> _Excesses:
    return {
        (member, benefit.key): (benefit.excess, members[member], plan.year)
        for (member, _day), plan in plans.items()
        for benefit in plan.benefits
        if benefit.excess is not None
    }


def _decided(excesses: _Excesses) -> Iterable[DecidedLine]:
    last = Decision.objects.filter(claim=OuterRef("decision__claim")).order_by("-number").values("number")[:1]
    rows = DecidedLine.objects.filter(
        excess__gt=0,
        decision__claim__membership__in={member for member, _benefit in excesses},
        decision__number=Subquery(last),
    )
    return rows.select_related("decision__claim", "line")


def _buckets_of(
    row: DecidedLine, benefit: str, known: tuple[Excess, Membership, str] | None
) -> Iterable[tuple[ExcessBucket, Decimal]]:
    stored = next((cut["facts"].get("buckets") for cut in row.cuts if cut["code"] == "excess"), None)
    if stored:
        for name, amount in stored.items():
            per, _space, key = name.partition(" ")
            yield ExcessBucket(benefit, per, key), Decimal(amount)
    elif known is not None and row.line.date is not None:
        excess, membership, year = known
        first = year_of(row.line.date, membership.policy.start if year == "policy" else None).first
        yield _bucket(benefit, excess, first, row.decision.claim_id), row.excess


def _bucket(benefit: str, excess: Excess, year: date, claim: UUID) -> ExcessBucket:
    return ExcessBucket.of(benefit, excess, year=year, case=short(claim), visit="")
