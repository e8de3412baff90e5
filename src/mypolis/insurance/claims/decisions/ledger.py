"""What claims take from limits. Sending a claim reserves, a decision uses, and any other end gives back.

Callers hold the lock of the claim's row. Each function then locks the member's family, so that two claims never take
the same money. Repeating a call changes nothing.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from mypolis.foundation.events import Actor
from mypolis.insurance.claims.decisions.batch import Batch, Outcome
from mypolis.insurance.claims.decisions.given import given_days
from mypolis.insurance.claims.decisions.ledger_ids import reservation_id, use_id
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.coverage.ledger.entries import entry_of, write_decided
from mypolis.insurance.coverage.models import Entry


def estimate(claim: Claim, *, assume_network: bool = False) -> Outcome:
    """What the rules would decide now; writes nothing. Lines without a date or an amount are left out.

    `assume_network`: providers of which nobody knows whether they are in the plan's network count as being in it.
    """
    batch = Batch([claim], lock=False)
    if assume_network:
        for line in batch.lines.get(claim.pk, ()):
            line.in_network = True if line.in_network is None else line.in_network
    batch.take_back(claim)
    return batch.decide(claim)


@transaction.atomic
def reserve(*, claim: Claim, by: Actor) -> Outcome:
    """Reserve what the rules would grant now. A claim that reserved before keeps what it has."""
    batch = Batch([claim], lock=True)
    if batch.entries.of(claim.pk):
        batch.take_back(claim)
        return batch.decide(claim)
    outcome = batch.decide(claim)
    _write(claim, reservations(claim, outcome), by=by)
    return outcome


@transaction.atomic
def release(*, claim: Claim, by: Actor) -> None:
    """Give back all that a claim reserved and used: it was withdrawn, lapsed, or is a duplicate."""
    _write(claim, Batch([claim], lock=True).take_back(claim), by=by)


@transaction.atomic
def settle(*, claim: Claim, number: int, by: Actor, granted: Mapping[UUID, Decimal] | None = None) -> Outcome:
    """Let decision `number` take effect: give back what was reserved and used before, then use what is granted.

    Without `granted`, the rules decide, and an outcome with questions uses nothing. `granted` has the sums by line,
    in the plan's currency, that somebody else decided; they are recorded as they are, even above a limit. Where the
    core system's feed reports what was used, nothing is used here.
    """
    batch = Batch([claim], lock=True)
    if any(_is_of_decision(entry, number) for entry in batch.entries.of(claim.pk)):
        batch.take_back(claim)
        return batch.decide(claim)
    back = batch.take_back(claim)
    outcome = batch.decide(claim)
    _write(claim, [*back, *uses(claim, outcome, number, granted)], by=by)
    return outcome


def reservations(claim: Claim, outcome: Outcome) -> list[Entry]:
    """The entries that reserve what an outcome grants."""
    return [
        entry_of(
            Entry.RESERVE,
            claim.membership,
            day.ask,
            day.granted,
            external_id=reservation_id(claim.pk, line.line.key, day.ask.day),
            currency=day.currency,
        )
        for line in outcome.lines
        for day in line.days
    ]


def uses(claim: Claim, outcome: Outcome, number: int, granted: Mapping[UUID, Decimal] | None = None) -> Iterable[Entry]:
    """The entries that use what an outcome grants, or what somebody else granted."""
    if claim.profile.claims.recorded_by == "core" or not outcome.currency:
        return
    if granted is None and not outcome.is_decided:
        return
    for line in outcome.lines:
        sum_ = None if granted is None else granted.get(UUID(line.line.key), Decimal(0))
        for day in line.days if sum_ is None else given_days(line, sum_, claim.membership_id, outcome.currency):
            yield entry_of(
                Entry.USE,
                claim.membership,
                day.ask,
                day.granted,
                external_id=use_id(claim.pk, line.line.key, day.ask.day, number),
                currency=day.currency,
            )


def _write(claim: Claim, entries: list[Entry], *, by: Actor) -> None:
    if entries:
        write_decided(entries, market=claim.market, by=by)


def _is_of_decision(entry: Entry, number: int) -> bool:
    return entry.external_id.endswith(f"/d{number}")
