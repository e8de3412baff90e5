"""Records what a clinic billed directly as a claim that the member follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.insurance.claims.event_kinds import ClaimEvent
from mypolis.insurance.claims.lifecycle.changing import begin_with, tell_clinic_bill
from mypolis.insurance.claims.lifecycle.numbers import next_number
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import Claim, ClinicBill, Line, day_of
from mypolis.membership.people.models import Membership

type Day = date


@dataclass(frozen=True, kw_only=True)
class BilledLine:
    """A line of a clinic's bill. `in_network` is None if nobody knows."""

    date: Day
    benefit: str
    amount: Decimal
    currency: str
    until: Day | None = None
    text: str = ""
    number: str = ""
    count: int = 1
    in_network: bool | None = None


@dataclass(frozen=True)
class SentAs:
    """The id that a program gave a bill, and a digest that tells the same bill from another one with this id."""

    id: str
    digest: str


@transaction.atomic
def record_bill(
    *, membership: Membership, provider: str, lines: Sequence[BilledLine], by: Actor, sent_as: SentAs | None = None
) -> Claim:
    """Record a clinic's bill as a claim that the member follows, and ask them about it. `lines` must not be empty.

    Raises IntegrityError if a program sent a bill with this id before.
    """
    now = timezone.now()
    claim = Claim(
        market=membership.policy.market,
        membership=membership,
        origin="clinic",
        state=State.RECEIVED,
        benefit=lines[0].benefit,
        treated_on=min(line.date for line in lines),
        provider=provider,
        sent_at=now,
        received_at=now,
    )
    claim.number = next_number(day_of(now, claim.profile))
    rows = [_row(claim, place, line) for place, line in enumerate(lines)]
    claim.sum_up(rows)
    claim.remember_provider()
    claim.save(force_insert=True)
    if sent_as is not None:
        ClinicBill.objects.create(claim=claim, market=claim.market, external_id=sent_as.id, digest=sent_as.digest)
    Line.objects.bulk_create(rows)
    begin_with(claim, by=by, now=now)
    record(ClaimEvent.CLAIM_BILLED_BY_CLINIC, market=claim.market, by=by, subject=claim, lines=len(lines))
    tell_clinic_bill(claim, by=by)
    return claim


def _row(claim: Claim, place: int, line: BilledLine) -> Line:
    row = Line(claim=claim, place=place, **vars(line))
    row.remember()
    return row
