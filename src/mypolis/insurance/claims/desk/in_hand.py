"""Takes claims in hand: each is visibly somebody's, so that nobody works on the same one unknowingly."""

from django.db import transaction

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.staff.access import StaffMember
from mypolis.insurance.claims.desk.draft_decision import draft_to_begin_with, move_with_draft
from mypolis.insurance.claims.desk.looking import HELD
from mypolis.insurance.claims.desk.may_work import (
    Ties,
    check_may_work,
    check_no_decision_waits,
    check_not_bound,
    lock,
    record_reader,
    ties_of,
)
from mypolis.insurance.claims.desk.outcomes.waiting import record_own_in_family
from mypolis.insurance.claims.desk.refusals import Refused, Why
from mypolis.insurance.claims.event_kinds import ClaimEvent
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import Claim, ClaimInHand
from mypolis.insurance.claims.rights import HAND_OVER_CLAIMS

_S = State
CAN_BE_HELD = frozenset({_S.RECEIVED, _S.IN_REVIEW, _S.WAITING, _S.ASSESSED, _S.SECOND_REVIEW, _S.APPEALED})
"""States in which somebody can have a claim in hand. What was just sent still waits for the checks of its files."""
_BEGINS_REVIEW = frozenset({_S.RECEIVED, _S.ASSESSED, _S.APPEALED})


def take(*, claim: Claim, staff: StaffMember, by: Actor) -> ClaimInHand:
    """Take a claim that nobody has in hand; its review begins. Taking it again changes nothing more.

    What the same person just decided in the family is recorded first, so that they begin on limits that hold. Of two
    people at once, one gets it. Raises Refused, with the holder if somebody else has it.
    """
    record_own_in_family(claim, staff)
    return _take(claim, staff, by=by)


@transaction.atomic
def _take(claim: Claim, staff: StaffMember, *, by: Actor) -> ClaimInHand:
    locked = _can_be_held(claim)
    check_may_work(locked, staff)
    row = ClaimInHand.objects.filter(claim=locked).first()
    if row is not None and row.staff != staff.pk:
        raise Refused(Why.IN_OTHER_HANDS, holder=row.name)
    if row is None:
        return _give(locked, staff, before=None, by=by)
    _begin_review(locked, by=by)
    return row


@transaction.atomic
def take_over(*, claim: Claim, staff: StaffMember, by: Actor) -> ClaimInHand:
    """Take a claim, also from a colleague, whose page then says so. What they typed stays. Raises Refused."""
    locked = _can_be_held(claim)
    check_may_work(locked, staff)
    row = ClaimInHand.objects.filter(claim=locked).first()
    if row is not None and row.staff == staff.pk:
        return row
    return _give(locked, staff, before=row, by=by)


@transaction.atomic
def hand_over(*, claim: Claim, staff: StaffMember, to: StaffMember, by: Actor) -> ClaimInHand:
    """Give a claim to a colleague who may work on it. A senior may also give what somebody else or nobody has.

    Whoever must not decide a claim does not choose who does. Raises Refused.
    """
    locked = _can_be_held(claim)
    row = ClaimInHand.objects.filter(claim=locked).first()
    check_may_give(locked, row, staff)
    check_may_get(locked, to)
    if row is not None and row.staff == to.pk:
        return row
    return _give(locked, to, before=row, by=by, is_given=True)


def check_may_give(claim: Claim, row: ClaimInHand | None, staff: StaffMember, own: Ties | None = None) -> None:
    """Check that somebody may give away a claim with this `row`, to whomever. Raises Refused.

    Nobody chooses who works on their own or their family's claim, on one that they entered, or on what they took part
    in; what they have in hand of these, they put back. `own` binds them, if it was read for many claims.
    """
    if claim.in_state not in CAN_BE_HELD:
        raise Refused(Why.WRONG_STATE)
    is_own = row is not None and row.staff == staff.pk
    if not is_own and not staff.may(HAND_OVER_CLAIMS, claim.market):
        raise Refused(Why.NO_RIGHT, who_can="senior-assessor")
    check_not_bound(claim, staff, own or ties_of(staff, [claim]), who_can="senior-assessor")


def check_may_get(claim: Claim, to: StaffMember, ties: Ties | None = None) -> None:
    """Check that a claim can be given to a colleague, whom `ties` bind. Raises Refused, without saying what binds them.

    That the claim is their family's is not for others to know.
    """
    try:
        check_may_work(claim, to, ties)
    except Refused:
        raise Refused(Why.COLLEAGUE_MAY_NOT, holder=to.name) from None


@transaction.atomic
def put_back(*, claim: Claim, staff: StaffMember, by: Actor) -> Claim:
    """Let go of a claim, so that anybody can take it. What was typed stays. Raises Refused.

    Whoever may not work on it any more, because it turned out to be their family's, can do this too. A first review
    ends with that; an appeal stays in review.
    """
    locked = _can_be_held(claim)
    own = check_can_put_back(locked, ClaimInHand.objects.filter(claim=locked).first(), staff)
    own.delete()
    if locked.state == State.IN_REVIEW and locked.decided_at is None:
        move_with_draft(locked, State.RECEIVED, by=by)
    record(ClaimEvent.CLAIM_PUT_BACK, market=locked.market, by=by, subject=locked)
    return locked


def check_can_put_back(claim: Claim, row: ClaimInHand | None, staff: StaffMember) -> ClaimInHand:
    """Check that somebody has a claim with this `row` in hand, so that they can let go of it. Raises Refused."""
    if claim.in_state not in CAN_BE_HELD:
        raise Refused(Why.WRONG_STATE)
    if row is None:
        raise Refused(Why.NOT_IN_HAND)
    if row.staff != staff.pk:
        raise Refused(Why.IN_OTHER_HANDS, holder=row.name)
    return row


@transaction.atomic
def note_opening(*, claim: Claim, staff: StaffMember, by: Actor) -> None:
    """Record that somebody opened a claim that they have in hand: the first time on each later day.

    Taking it recorded the first day. A claim can be in hand for weeks, and the member sees when staff read it.
    """
    today = claim.profile.today()
    rows = ClaimInHand.objects.filter(claim=claim, staff=staff.pk)
    if rows.exclude(opened_on=today).update(opened_on=today):
        record(ClaimEvent.CLAIM_LOOKED_AT, market=claim.market, by=by, subject=claim, reason=HELD)
        record_reader(claim, staff, by=by)


def _can_be_held(claim: Claim) -> Claim:
    locked = lock(claim)
    if locked.in_state not in CAN_BE_HELD:
        raise Refused(Why.WRONG_STATE)
    check_no_decision_waits(locked)
    return locked


def _begin_review(claim: Claim, *, by: Actor) -> None:
    if claim.in_state in _BEGINS_REVIEW:
        move_with_draft(claim, State.IN_REVIEW, by=by)


def _give(
    claim: Claim, to: StaffMember, *, before: ClaimInHand | None, by: Actor, is_given: bool = False
) -> ClaimInHand:
    """Write who has the claim now, begin its review, and make its draft if there is none."""
    key = before.staff if before is not None else None
    ClaimInHand.objects.filter(claim=claim).delete()
    today = claim.profile.today()
    row = ClaimInHand.objects.create(
        claim=claim, staff=to.pk, name=to.name, before=key, is_given=is_given, opened_on=today
    )
    _begin_review(claim, by=by)
    draft_to_begin_with(claim)
    kind = ClaimEvent.CLAIM_HANDED_OVER if is_given else ClaimEvent.CLAIM_TAKEN
    record(kind, market=claim.market, by=by, subject=claim, to=to.pk, before=key)
    record_reader(claim, to, by=by)
    return row
