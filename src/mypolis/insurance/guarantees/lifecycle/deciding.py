"""Decides about guarantees: given, refused, extended, final, revoked. Every promise is reserved from the limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction

from mypolis.foundation.events import Actor
from mypolis.insurance.guarantees.letters.letters import issue_letter
from mypolis.insurance.guarantees.lifecycle.changing import locked, move, who_is
from mypolis.insurance.guarantees.lifecycle.reasons import OTHER, REFUSALS, REVOCATIONS
from mypolis.insurance.guarantees.lifecycle.states import State, Who, check_change
from mypolis.insurance.guarantees.models import Guarantee
from mypolis.insurance.guarantees.promises import ledger
from mypolis.insurance.guarantees.promises.promise import Promise, promise_for

LONGEST_REASON = 1_000
LONGEST_CONDITIONS = 1_000
LONGEST_STAY = 180
"""The most days that one letter can be about."""
LONGEST_VALIDITY = timedelta(days=366)
"""How long after the last planned day a letter can be valid."""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """On what terms a letter is written; None leaves what the guarantee has.

    `expected` is the sum that the clinic has not billed yet. `planned_to` can only be later than before. Without
    `valid_until`, the letter is valid for the market's usual time after the last planned day. `conditions` are for the
    clinic and the member.
    """

    expected: Decimal | None = None
    planned_to: date | None = None
    valid_until: date | None = None
    conditions: str | None = None


class BadTerms(ValueError):
    """A letter cannot be written on these terms; `field` names the one, and `code` says what is wrong with it."""

    def __init__(self, field: str, code: str, message: str) -> None:
        super().__init__(message)
        self.field, self.code = field, code


class NothingToPromise(Exception):
    """The rules would pay nothing, or cannot tell; `reasons` are their codes. Refuse it, or correct the request."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = reasons


class ReasonMissing(Exception):
    """Whoever refuses or revokes a guarantee tells the member why: with a known code, or with words of their own."""


def give(*, guarantee: Guarantee, by: Actor, expected: Decimal | None = None, who: Who | None = None) -> Guarantee:
    """Promise what the rules would pay of the expected sum, and reserve it: the initial letter.

    Pass another `expected` to promise less or more than was asked for. Raises NotAllowed, NothingToPromise.
    """
    return write_letter(guarantee=guarantee, to=State.GIVEN, terms=Terms(expected=expected), by=by, who=who)


def extend(*, guarantee: Guarantee, expected: Decimal, planned_to: date | None = None, by: Actor) -> Guarantee:
    """Promise for another sum, or more days. `expected` is what the clinic has not billed yet.

    Raises NotAllowed, NothingToPromise, BadTerms for an earlier day.
    """
    terms = Terms(expected=expected, planned_to=planned_to)
    return write_letter(guarantee=guarantee, to=State.EXTENDED, terms=terms, by=by)


def make_final(*, guarantee: Guarantee, expected: Decimal, by: Actor) -> Guarantee:
    """Promise for the sum that the clinic reports before discharge: the final letter tells the member's own share.

    `expected` is what the clinic has not billed yet. Raises NotAllowed, NothingToPromise.
    """
    return write_letter(guarantee=guarantee, to=State.FINAL, terms=Terms(expected=expected), by=by)


@transaction.atomic
def write_letter(*, guarantee: Guarantee, to: State, terms: Terms, by: Actor, who: Who | None = None) -> Guarantee:
    """Give, extend or make final (`to`): reserve what the rules would pay on these terms, and issue the letter.

    Raises NotAllowed, NothingToPromise, BadTerms.
    """
    found = locked(guarantee)
    check_change(found.in_state, to, who or who_is(by))
    _put_on(found, terms)
    ledger.lock_family(found)
    back = ledger.released(found, ledger.reserved(found))
    promise = promise_for(found, expected=found.expected, given_back=back)
    if not promise.is_decided or not promise.promised:
        raise NothingToPromise(promise.reasons)
    ledger.write(found, [*back, *ledger.reservations(found, promise.days)], by=by)
    found.promised, found.own_share, found.currency = promise.promised, promise.own_share, promise.currency
    move(found, to, by=by, who=who)
    issue_letter(found, by=by)
    return found


def preview(guarantee: Guarantee, terms: Terms) -> Promise:
    """What the rules would pay on these terms; writes nothing.

    To rely on the result, lock the guarantee, then call `ledger.lock_family`. Raises BadTerms.
    """
    copy = Guarantee.objects.select_related("membership__policy", "membership__person", "provider").get(pk=guarantee.pk)
    _put_on(copy, terms)
    back = ledger.released(copy, ledger.reserved(copy))
    return promise_for(copy, expected=copy.expected, given_back=back)


@transaction.atomic
def refuse(*, guarantee: Guarantee, by: Actor, code: str = OTHER, reason: str = "") -> Guarantee:
    """Refuse it. The member reads the sentence of the code (`reasons.REFUSALS`) and the `reason` in own words.

    Raises NotAllowed, ReasonMissing.
    """
    found, words = locked(guarantee), _words(code, reason, known=REFUSALS)
    move(found, State.REFUSED, by=by, code=code, reason=words)
    return found


@transaction.atomic
def revoke(*, guarantee: Guarantee, by: Actor, code: str = OTHER, reason: str = "") -> Guarantee:
    """Take a letter back and release what it reserved; whoever checks it reads so at once.

    A bill for treatment before this moment can still name it. The reasons are `reasons.REVOCATIONS`.
    Raises NotAllowed, ReasonMissing.
    """
    found, words = locked(guarantee), _words(code, reason, known=REVOCATIONS)
    check_change(found.in_state, State.REVOKED, who_is(by))
    end(found, State.REVOKED, by=by, code=code, reason=words)
    return found


def end(
    guarantee: Guarantee, to: State, *, by: Actor, who: Who | None = None, code: str = "", reason: str = ""
) -> None:
    """End a locked guarantee, and release all that it still reserves. Raises NotAllowed."""
    ledger.lock_family(guarantee)
    ledger.write(guarantee, ledger.released(guarantee, ledger.reserved(guarantee)), by=by)
    move(guarantee, to, by=by, who=who, code=code, reason=reason)


def _put_on(guarantee: Guarantee, terms: Terms) -> None:
    """Write terms on a guarantee, not on its row. Raises BadTerms."""
    if terms.planned_to is not None and terms.planned_to < guarantee.planned_to:
        raise BadTerms("planned_to", "earlier", "an extension does not end earlier")
    if terms.planned_to is not None and (terms.planned_to - guarantee.planned_from).days >= LONGEST_STAY:
        raise BadTerms("planned_to", "too_long", f"a letter is about {LONGEST_STAY} days at most")
    guarantee.expected = guarantee.expected if terms.expected is None else terms.expected
    guarantee.planned_to = terms.planned_to or guarantee.planned_to
    guarantee.conditions = guarantee.conditions if terms.conditions is None else terms.conditions.strip()
    guarantee.valid_from = guarantee.valid_from or guarantee.profile.today()
    guarantee.valid_until = terms.valid_until or guarantee.usual_end
    if not guarantee.planned_to <= guarantee.valid_until <= guarantee.planned_to + LONGEST_VALIDITY:
        raise BadTerms(
            "valid_until", "out_of_range", "a letter is valid until its last planned day, or up to a year longer"
        )
    if len(guarantee.conditions) > LONGEST_CONDITIONS:
        raise BadTerms("conditions", "too_long", "the conditions are too long")


def _words(code: str, reason: str, *, known: Mapping[str, object]) -> str:
    words = reason.strip()[:LONGEST_REASON]
    if code not in known and (code != OTHER or not words):
        raise ReasonMissing
    return words
