"""The clock of the promise: it starts when all papers are there, is paused while we wait for the member, and ends.

Days of the promise are working days or calendar days, as the market's profile says.
"""

from datetime import date, datetime, timedelta

from mypolis.foundation.lib.working_days import WorkingCalendar, add_working_days, working_days_between
from mypolis.foundation.markets import Profile
from mypolis.insurance.claims.lifecycle.states import AFTER_DECISION, Clock, State
from mypolis.insurance.claims.models import Claim, day_of

_STARTED_BY = frozenset({State.RECEIVED, State.APPEALED})


def follow(claim: Claim, before: State, clock: Clock, *, now: datetime) -> list[str]:
    """Keep a claim's promise after a change of state; returns the names of the fields that it set."""
    today = day_of(now, claim.profile)
    state = claim.in_state
    fields: dict[str, object] = {}
    if state in _STARTED_BY and claim.promised_by is None and claim.promise_left is None:
        fields["promised_by"] = add_days(_begins_on(claim, today), claim.profile.claims.decision_days, claim.profile)
        fields["received_at"] = claim.received_at or now
    elif clock == "paused" and claim.promised_by is not None:
        fields |= {"promise_left": max(0, days_between(today, claim.promised_by, claim.profile)), "promised_by": None}
    elif clock == "runs" and claim.promise_left is not None:
        fields |= {"promised_by": add_days(today, claim.promise_left, claim.profile), "promise_left": None}
    elif clock == "ended":
        fields |= {"promised_by": None, "promise_left": None}
    if state == State.WAITING:
        fields |= {"answer_by": _answer_by(claim, now), "reminders": 0}
    elif before == State.WAITING:
        fields["answer_by"] = None
    if state in (State.APPROVED, State.PARTLY_APPROVED, State.REJECTED):
        fields |= {"decided_at": now, "appeal_until": today + timedelta(days=claim.profile.claims.appeal_days)}
    for name, value in fields.items():
        setattr(claim, name, value)
    return list(fields)


def wait_anew(claim: Claim, *, now: datetime) -> None:
    """Give the member all the time to answer once more: somebody asked more of a claim that waits for them already."""
    claim.answer_by, claim.reminders = _answer_by(claim, now), 0
    claim.save(update_fields=["answer_by", "reminders"])


def payment_promised_by(claim: Claim) -> date | None:
    """The day by which a granted sum is promised to be paid; None before a decision."""
    if claim.decided_at is None or claim.in_state not in AFTER_DECISION:
        return None
    return day_of(claim.decided_at, claim.profile) + timedelta(days=claim.profile.claims.payment_days)


def add_days(day: date, count: int, profile: Profile) -> date:
    """The day that is `count` days of the promise after a day."""
    if profile.claims.decision_in == "calendar" or not profile.claims.holidays:
        return day + timedelta(days=count)
    return add_working_days(day, count, _calendar(profile))


def days_between(first: date, last: date, profile: Profile) -> int:
    """The number of days of the promise after `first` up to `last`."""
    if profile.claims.decision_in == "calendar" or not profile.claims.holidays:
        return (last - first).days
    return working_days_between(first, last, _calendar(profile))


def _begins_on(claim: Claim, today: date) -> date:
    """The day from which the promise counts.

    A claim that a colleague entered counts from the day it came, not from the day of typing, unless papers were
    missing: then from the day on which the member sent them.
    """
    came_on = claim.came_on if claim.state == State.RECEIVED else None
    return today if came_on is None or claim.questions.exists() else came_on


def _answer_by(claim: Claim, now: datetime) -> date:
    return day_of(now, claim.profile) + timedelta(days=claim.profile.claims.answer_days)


def _calendar(profile: Profile) -> WorkingCalendar:
    return WorkingCalendar(profile.claims.holidays, categories=profile.claims.holiday_categories)
