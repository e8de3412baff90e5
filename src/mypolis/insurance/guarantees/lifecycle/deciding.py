"""Decides about guarantees: given, refused, extended, final, revoked. Every promise is reserved from the limits."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction

from mypolis.foundation.events import Actor
from mypolis.insurance.guarantees import ledger
from mypolis.insurance.guarantees.letters.letters import issue_letter
from mypolis.insurance.guarantees.lifecycle.changing import locked, move, who_is
from mypolis.insurance.guarantees.lifecycle.states import State, Who, check_change
from mypolis.insurance.guarantees.models import Guarantee
from mypolis.insurance.guarantees.promise import promise_for

LONGEST_REASON = 1_000


class NothingToPromise(Exception):
    """The rules would pay nothing, or cannot tell; `reasons` are their codes. Refuse it, or correct the request."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = reasons


class ReasonMissing(Exception):
    """Whoever refuses or revokes a guarantee tells the member why."""


@transaction.atomic
def give(*, guarantee: Guarantee, by: Actor, expected: Decimal | None = None, who: Who | None = None) -> Guarantee:
    """Promise what the rules would pay of the expected sum, and reserve it: the initial letter.

    Pass another `expected` to promise less or more than was asked for. Raises NotAllowed, NothingToPromise.
    """
    return _promise(guarantee, State.GIVEN, expected=expected, until=None, by=by, who=who)


@transaction.atomic
def extend(*, guarantee: Guarantee, expected: Decimal, planned_to: date | None = None, by: Actor) -> Guarantee:
    """Promise for another sum, or more days. `expected` is what the clinic has not billed yet.

    Raises NotAllowed, NothingToPromise, ValueError for an earlier day.
    """
    return _promise(guarantee, State.EXTENDED, expected=expected, until=planned_to, by=by)


@transaction.atomic
def make_final(*, guarantee: Guarantee, expected: Decimal, by: Actor) -> Guarantee:
    """Promise for the sum that the clinic reports before discharge: the final letter tells the member's own share.

    `expected` is what the clinic has not billed yet. Raises NotAllowed, NothingToPromise.
    """
    return _promise(guarantee, State.FINAL, expected=expected, until=None, by=by)


@transaction.atomic
def refuse(*, guarantee: Guarantee, reason: str, by: Actor) -> Guarantee:
    """Refuse it; the member reads the reason. Raises NotAllowed, ReasonMissing."""
    found, said = locked(guarantee), _reason(reason)
    move(found, State.REFUSED, by=by, reason=said)
    return found


@transaction.atomic
def revoke(*, guarantee: Guarantee, reason: str, by: Actor) -> Guarantee:
    """Take a letter back and release what it reserved; whoever checks it reads so at once.

    A bill for treatment before this moment can still name it. Raises NotAllowed, ReasonMissing.
    """
    found, said = locked(guarantee), _reason(reason)
    check_change(found.in_state, State.REVOKED, who_is(by))
    end(found, State.REVOKED, by=by, reason=said)
    return found


def end(guarantee: Guarantee, to: State, *, by: Actor, who: Who | None = None, reason: str = "") -> None:
    """End a locked guarantee, and release all that it still reserves. Raises NotAllowed."""
    ledger.lock_family(guarantee)
    ledger.write(guarantee, ledger.released(guarantee, ledger.reserved(guarantee)), by=by)
    move(guarantee, to, by=by, who=who, reason=reason)


def _promise(
    guarantee: Guarantee, to: State, *, expected: Decimal | None, until: date | None, by: Actor, who: Who | None = None
) -> Guarantee:
    found = locked(guarantee)
    check_change(found.in_state, to, who or who_is(by))
    if until is not None and until < found.planned_to:
        raise ValueError("an extension does not end earlier")
    found.expected = found.expected if expected is None else expected
    found.planned_to = until or found.planned_to
    ledger.lock_family(found)
    back = ledger.released(found, ledger.reserved(found))
    promise = promise_for(found, expected=found.expected, given_back=back)
    if not promise.is_decided or not promise.promised:
        raise NothingToPromise(promise.reasons)
    ledger.write(found, [*back, *ledger.reservations(found, promise.days)], by=by)
    found.promised, found.own_share, found.currency = promise.promised, promise.own_share, promise.currency
    found.valid_from = found.valid_from or found.profile.today()
    found.valid_until = found.planned_to + timedelta(days=found.profile.guarantees.valid_days)
    move(found, to, by=by, who=who)
    issue_letter(found, by=by)
    return found


def _reason(reason: str) -> str:
    said = reason.strip()[:LONGEST_REASON]
    if not said:
        raise ReasonMissing
    return said
