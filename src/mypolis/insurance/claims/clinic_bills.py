"""Treatment that a clinic billed directly: it is listed with the member's claims, who say whether it was them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.insurance.claims import access
from mypolis.insurance.claims.event_kinds import ClaimEvent
from mypolis.insurance.claims.lifecycle.changing import begin_with, tell_clinic_bill
from mypolis.insurance.claims.lifecycle.numbers import next_number
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import Claim, ClinicBillAnswer, Line, day_of
from mypolis.membership.accounts.models import Account
from mypolis.membership.people.models import Membership


@dataclass(frozen=True, kw_only=True)
class BilledLine:
    """A line of a clinic's bill, in the plan's currency."""

    date: date
    benefit: str
    amount: Decimal
    currency: str
    text: str = ""
    number: str = ""


@transaction.atomic
def record_bill(*, membership: Membership, provider: str, lines: Sequence[BilledLine], by: Actor) -> Claim:
    """Record a clinic's bill as a claim that the member follows, and tell them. `lines` must not be empty."""
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
    claim.save(force_insert=True)
    Line.objects.bulk_create(
        Line(
            claim=claim,
            place=place,
            date=line.date,
            benefit=line.benefit,
            text=line.text,
            number=line.number,
            amount=line.amount,
            currency=line.currency,
        )
        for place, line in enumerate(lines)
    )
    begin_with(claim, by=by, now=now)
    record(ClaimEvent.CLAIM_BILLED_BY_CLINIC, market=claim.market, by=by, subject=claim, lines=len(lines))
    tell_clinic_bill(claim, by=by)
    return claim


def may_answer(account: Account, claim: Claim) -> bool:
    """Whether a member who sees this claim is asked whether the treatment was theirs, or their child's."""
    return claim.origin == "clinic" and claim.basis is None


@transaction.atomic
def answer_bill(*, account: Account, claim: UUID, is_mine: bool, text: str = "", by: Actor) -> Claim:
    """Say whether the treatment of a clinic's bill was the member's, or their child's. The last answer holds.

    Raises UnknownClaim: no such claim, or not one that a clinic billed.
    """
    found = access.find(account, claim, locked=True)
    if not may_answer(account, found):
        raise access.UnknownClaim
    values = {"account": account, "is_mine": is_mine, "text": text.strip(), "at": timezone.now()}
    ClinicBillAnswer.objects.update_or_create(claim=found, defaults=values)
    record(ClaimEvent.CLAIM_CLINIC_BILL_ANSWERED, market=found.market, by=by, subject=found, is_mine=is_mine)
    return found


def answer_about(claim: Claim) -> ClinicBillAnswer | None:
    """What the member said about a clinic's bill; None if it is another claim, or they said nothing yet."""
    return ClinicBillAnswer.objects.filter(claim=claim).first() if claim.origin == "clinic" else None
