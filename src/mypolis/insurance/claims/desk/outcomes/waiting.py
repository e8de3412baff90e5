"""Decisions that wait a moment before they are recorded, so that whoever decided can take them back.

Until then nothing has happened: no limit is used, nothing is due, no state has changed, and the member reads nothing.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from mypolis.foundation.events import SYSTEM, Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.staff.access import StaffMember
from mypolis.foundation.staff.models import StaffAccount
from mypolis.insurance.claims.desk.draft_decision import DraftChanged
from mypolis.insurance.claims.desk.may_work import held, lock
from mypolis.insurance.claims.desk.outcomes.deciding import (
    Done,
    NotPreviewed,
    Stale,
    Undecidable,
    checked,
    confirm,
    decide,
)
from mypolis.insurance.claims.desk.refusals import Refused, Why
from mypolis.insurance.claims.event_kinds import ClaimEvent
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import Claim, WaitingDecision
from mypolis.membership.people.models import Membership

RECORD_DECISION: Final = "claims.record_decision"  # in `jobs`
OVERDUE: Final = timedelta(minutes=2)
_STOPS = (Refused, DraftChanged, Stale, Undecidable, NotPreviewed)


def enter(*, claim: Claim, version: int, previewed: str, staff: StaffMember, by: Actor) -> Done:
    """Decide, or confirm, as soon as the time to take it back is over; an assessment for a second person goes at once.

    Everything is checked now, and again when the decision is recorded. What the same person decided before in the
    family is recorded first, because this decision rests on it. Raises Refused, DraftChanged, Stale, Undecidable,
    NotPreviewed.
    """
    record_own_in_family(claim, staff)
    return _enter(claim, version=version, previewed=previewed, staff=staff, by=by)


def record_own_in_family(claim: Claim, staff: StaffMember) -> None:
    """Record what somebody decided about other claims of the family, before they do what changes the family's limits.

    Otherwise their own act would stop their own decision a moment later.
    """
    for earlier in _own_in_family(claim, staff):
        record_waiting(earlier.pk)


@transaction.atomic
def _enter(claim: Claim, *, version: int, previewed: str, staff: StaffMember, by: Actor) -> Done:
    locked = lock(claim)
    held(locked, staff, State.SECOND_REVIEW if locked.in_state == State.SECOND_REVIEW else State.IN_REVIEW)
    ready = checked(locked, version=version, previewed=previewed, staff=staff)
    seconds = settings.MYPOLIS.claims_undo_seconds
    if ready.goes_on or not seconds:
        return _act(locked)(claim=locked, version=version, previewed=previewed, staff=staff, by=by)
    WaitingDecision.objects.filter(claim=locked).delete()  # an earlier one that was stopped
    now = timezone.now()
    row = WaitingDecision.objects.create(
        claim=locked,
        staff=staff.pk,
        version=version,
        previewed=previewed,
        entered_at=now,
        due_at=now + timedelta(seconds=seconds),
    )
    app.configure_task(RECORD_DECISION, queue="upkeep", schedule_at=row.due_at).defer(key=str(row.pk))
    record(ClaimEvent.CLAIM_DECISION_ENTERED, market=locked.market, by=by, subject=locked)
    return Done("waiting")


@transaction.atomic
def take_back(*, claim: Claim, staff: StaffMember, by: Actor) -> Claim:
    """Take back one's own decision before it is recorded. The claim stays in hand, and what was typed stays.

    Raises Refused: it is recorded already, or a colleague entered it.
    """
    locked = lock(claim)
    row = WaitingDecision.objects.filter(claim=locked, is_stopped=False).first()
    if row is None:
        raise Refused(Why.TOO_LATE)
    if row.staff != staff.pk:
        raise Refused(Why.DECIDED_BY_OTHER)
    row.delete()
    record(ClaimEvent.CLAIM_DECISION_TAKEN_BACK, market=locked.market, by=by, subject=locked)
    return locked


@transaction.atomic
def record_waiting(key: UUID) -> Done | None:
    """Record a decision that waited, in the name of whoever entered it, with the roles that they have now.

    If something changed meanwhile, nothing is decided: the claim stays in hand, and its page says so. Returns None
    then, and for a decision that was taken back. Idempotent.
    """
    claim = Claim.objects.filter(waiting_decision=key).first()
    if claim is None:
        return None
    locked = lock(claim)
    row = WaitingDecision.objects.filter(pk=key, is_stopped=False).first()
    if row is None:  # taken back while we waited for the lock
        return None
    try:
        with transaction.atomic():
            return _record(row, locked)
    except _STOPS as stop:
        WaitingDecision.objects.filter(pk=key).update(is_stopped=True)
        why = type(stop).__name__.lower()
        record(ClaimEvent.CLAIM_DECISION_STOPPED, market=locked.market, by=SYSTEM, subject=locked, why=why)
        return None


def record_overdue(now: datetime) -> int:
    """Record decisions whose job got lost, for example with a worker that was killed. Returns how many there were.

    One that cannot be recorded does not hold up the others; afterwards its error is raised, so that the job fails.
    """
    rows = WaitingDecision.objects.filter(is_stopped=False, due_at__lt=now - OVERDUE).order_by("due_at")
    keys = list(rows.values_list("pk", flat=True))
    errors = []
    for key in keys:
        try:
            record_waiting(key)
        except Exception as error:  # whatever is wrong with one claim, the next one is somebody else's
            errors.append(error)
    if errors:
        raise ExceptionGroup("decisions that could not be recorded", errors)
    return len(keys)


def _own_in_family(claim: Claim, staff: StaffMember) -> Iterable[WaitingDecision]:
    family = {*Membership.objects.in_families_of([claim.membership]).values_list("pk", flat=True), claim.membership_id}
    rows = WaitingDecision.objects.filter(staff=staff.pk, is_stopped=False, claim__membership__in=family)
    return rows.exclude(claim=claim).order_by("due_at")


def _record(row: WaitingDecision, claim: Claim) -> Done:
    staff = StaffAccount.objects.filter(pk=row.staff, closed_at=None).first()
    if staff is None:
        raise Refused(Why.NO_RIGHT, who_can="assessor")
    WaitingDecision.objects.filter(pk=row.pk).delete()
    by = Actor("staff", str(row.staff))
    return _act(claim)(claim=claim, version=row.version, previewed=row.previewed, staff=staff, by=by)


def _act(claim: Claim) -> Callable[..., Done]:
    return confirm if claim.in_state == State.SECOND_REVIEW else decide
