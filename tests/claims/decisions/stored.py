"""Claims in the database, under the small plan book of the tests of cover."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import Claim, DecidedLine, Decision, Line
from mypolis.insurance.coverage.models import Entry
from mypolis.membership.people.models import Membership
from tests.coverage.members import DAY

SENT = datetime(2026, 3, 20, 12, tzinfo=UTC)  # soon after the usual day of treatment


def claimed(membership: Membership, *bills: dict[str, Any], benefit: str = "drugs", **more: Any) -> Claim:
    """A sent claim with one line for each bill."""
    values: dict[str, Any] = {"state": State.SUBMITTED, "sent_at": SENT, "treated_on": DAY} | more
    claim = Claim.objects.create(market=membership.policy.market, membership=membership, benefit=benefit, **values)
    for place, bill in enumerate(bills):
        terms = {"date": DAY, "in_network": True, "currency": "IDR"} | bill
        Line.objects.create(claim=claim, place=place, **terms)
    return Claim.objects.select_related("membership__policy").get(pk=claim.pk)


def bill(amount: int | str, day: date = DAY, **more: Any) -> dict[str, Any]:
    return {"amount": Decimal(amount), "date": day, **more}


def decided(claim: Claim, *lines: dict[str, Any], number: int = 1) -> Decision:
    """A decision that was recorded for the claim's lines, in their order."""
    decision = Decision.objects.create(claim=claim, number=number, outcome=State.PARTLY_APPROVED, source="rules")
    for line, values in zip(claim.lines.all(), lines, strict=True):
        sums = {"billed": line.amount, "granted": 0, "own_share": line.amount, "currency": "IDR"} | values
        DecidedLine.objects.create(decision=decision, line=line, **sums)
    return decision


def ledger(*kinds: str) -> list[tuple[str, int]]:
    """All entries in the order in which they were written: kind and amount."""
    rows = Entry.objects.order_by("pk").values_list("kind", "amount")
    return [(kind, int(amount)) for kind, amount in rows if not kinds or kind in kinds]
