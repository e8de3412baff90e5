"""What is paid for a claim: what the decision that holds grants, minus what was paid before or is on its way.

Payments that the bank makes together are one transfer, with one result. What was paid too much stays paid. Once the
file of a payment run was fetched, the bank may have it: only its result changes those payments.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from django.db import transaction
from django.db.models import Q

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.lib.money import Money
from mypolis.insurance.claims.event_kinds import ClaimEvent
from mypolis.insurance.claims.lifecycle.changing import move, renew
from mypolis.insurance.claims.lifecycle.states import NotAllowed, State
from mypolis.insurance.claims.models import Claim, Decision, Payment


@dataclass(frozen=True)
class Transfer:
    """Payments that are made together, with one result. `at` and `code` are the bank's, `shown` the masked account."""

    state: str
    money: Money
    at: datetime | None
    code: str
    shown: str


def last_transfer(claim: Claim) -> list[Payment]:
    """The payments that are on their way, or else those of the bank's last result; the oldest first."""
    rows = sorted(claim.payments.all(), key=lambda one: (one.created_at, one.pk))
    newest = max((one.transfer for one in rows), default=0)
    return [one for one in rows if one.state == Payment.TO_BE_PAID] or [one for one in rows if one.transfer == newest]


def transfer_of(claim: Claim) -> Transfer | None:
    """The last transfer; None while there is nothing to pay."""
    return _as_one(last_transfer(claim))


def payment_of(claim: Claim) -> Transfer | None:
    """What the member reads about the payment: like the last transfer, but once it is paid, all that was ever paid."""
    rows = last_transfer(claim)
    is_paid = bool(rows) and rows[-1].state == Payment.PAID
    earlier = [one for one in claim.payments.all() if one.state == Payment.PAID and one not in rows] if is_paid else []
    return _as_one([*earlier, *rows])


def due(claim: Claim) -> Decimal:
    """What is granted and neither paid nor on its way; below zero if too much is."""
    decision = claim.last_decision
    granted = sum((line.granted for line in decision.lines.all()), Decimal(0)) if decision else Decimal(0)
    return granted - sum((one.amount for one in claim.payments.all() if one.state != Payment.FAILED), Decimal(0))


@transaction.atomic
def pay(*, claim: Claim, state: Literal["paid", "failed"], at: datetime, code: str = "", by: Actor) -> Transfer:
    """Record the bank's result for what is to be paid, and return the last transfer.

    A repeated result changes nothing, not even once the money is on its way to another account; "paid" after "failed"
    holds, and "failed" after "paid" is ignored. If a part is in a payment run, "paid" means that part.
    Raises NotAllowed when there is nothing to pay.
    """
    rows_to_lock = Claim.objects.select_for_update(of=("self",))
    locked = rows_to_lock.select_related("membership__policy", "pay_to").get(pk=claim.pk)
    rows = last_transfer(locked)
    if not rows:
        raise NotAllowed(locked.in_state, state)
    rows = _meant(rows, state)
    if rows[-1].state in (Payment.PAID, state) or (state == "failed" and _came_back_before(locked, at)):
        return _one(rows)
    _close(locked, rows, state=state, at=at, code=code, by=by)
    return _one(rows)


def answer_run(*, claim: Claim, state: Literal["paid", "failed"], at: datetime, code: str = "", by: Actor) -> None:
    """Record the bank's result for what a payment run pays for this claim. The caller locks the claim and its line."""
    _close(claim, _meant(last_transfer(claim), state), state=state, at=at, code=code, by=by)


def _meant(rows: list[Payment], state: str) -> list[Payment]:
    """The payments of the last transfer that a result is about.

    If some are in a payment run and others wait for the next one, "paid" means the first. "failed" means all of them,
    because the others would go to the same account.
    """
    if state == "failed" or rows[-1].state != Payment.TO_BE_PAID:
        return rows
    return [one for one in rows if one.line_id is not None] or rows


def _close(
    locked: Claim, rows: list[Payment], *, state: Literal["paid", "failed"], at: datetime, code: str, by: Actor
) -> None:
    """Record one result for payments that were made together, and put the claim into its next state."""
    number = rows[-1].transfer or max(one.transfer for one in locked.payments.all()) + 1
    for payment in rows:
        payment.state, payment.at, payment.code, payment.transfer = state, at, code, number
        payment.save(update_fields=["state", "at", "code", "transfer"])
    record(ClaimEvent.CLAIM_PAYMENT_CHANGED, market=locked.market, by=by, subject=locked, state=state)
    if locked.state not in (State.TO_BE_PAID, State.PAYMENT_FAILED):
        renew(locked)
    elif state == "failed":
        move(locked, State.PAYMENT_FAILED, by=by, code=code)
    elif due(locked) > 0:  # a decision granted more after the bank had sent the money back
        pay_what_is_due(locked, by=by)
        move(locked, State.TO_BE_PAID, by=by, who="system")
    elif locked.payments.filter(state=Payment.TO_BE_PAID).exists():  # a later decision granted more
        renew(locked)
    else:
        move(locked, State.PAID, by=by)


def _came_back_before(claim: Claim, at: datetime) -> bool:
    """Whether "failed" at this time is the result of an earlier transfer, reported again."""
    return any(one.state == Payment.FAILED and one.at is not None and at <= one.at for one in claim.payments.all())


def prepare(claim: Claim, decision: Decision, *, by: Actor) -> None:
    """Adjust the payments to a new decision, and put the claim into the state that comes next.

    If the bank sent the money back during an appeal, the member is asked for another account now. For a clinic's
    bill nothing happens, because the member is not paid.
    """
    if claim.origin == "clinic":
        return
    _reduce(claim)
    rows, rest = last_transfer(claim), due(claim)
    if rest > 0 and rows and rows[-1].state == Payment.FAILED:
        move(claim, State.PAYMENT_FAILED, by=by, who="system", code=rows[-1].code)
        return
    if rest > 0:
        pay_what_is_due(claim, by=by)
    if claim.payments.filter(state=Payment.TO_BE_PAID).exists():
        move(claim, State.TO_BE_PAID, by=by, who="system")
    elif decision.outcome != State.REJECTED and claim.payments.filter(state=Payment.PAID).exists():
        move(claim, State.PAID, by=by, who="system", code="nothing_due")


def pay_what_is_due(claim: Claim, *, by: Actor) -> None:
    """Add one payment of all that is due, to the claim's account. The caller locks the claim.

    Raises ValueError if nothing is due.
    """
    decision, amount = claim.last_decision, due(claim)
    if decision is None or amount <= 0:
        raise ValueError("there is nothing to pay")
    Payment.objects.create(
        claim=claim,
        decision=decision,
        attempt=decision.payments.count() + 1,
        amount=amount,
        currency=decision.lines.all()[0].currency,
        shown=claim.pay_to.shown if claim.pay_to else "",
    )
    record(ClaimEvent.CLAIM_PAYMENT_CHANGED, market=claim.market, by=by, subject=claim, state=Payment.TO_BE_PAID)


def _reduce(claim: Claim) -> None:
    """If less is granted now, lower the payments that the bank does not have yet, the newest first."""
    too_much = -due(claim)
    waiting = claim.payments.filter(state=Payment.TO_BE_PAID).filter(Q(line=None) | Q(line__run__fetched_at=None))
    for payment in waiting.order_by("-created_at", "-pk"):
        taken = min(payment.amount, max(too_much, Decimal(0)))
        too_much -= taken
        payment.amount -= taken
        if not payment.amount:
            payment.delete()
        elif taken:
            payment.save(update_fields=["amount"])


def _as_one(rows: list[Payment]) -> Transfer | None:
    return _one(rows) if rows else None


def _one(rows: list[Payment]) -> Transfer:
    last = rows[-1]
    money = Money(sum((one.amount for one in rows), Decimal(0)), last.currency)
    return Transfer(state=last.state, money=money, at=last.at, code=last.code, shown=last.shown)
