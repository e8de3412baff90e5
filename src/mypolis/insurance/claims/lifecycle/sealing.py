"""How long the received bytes of a claim's files are kept: until the time for an appeal has passed."""

from datetime import date, datetime, timedelta

from mypolis.foundation.events import Actor
from mypolis.foundation.files.models import ReceivedFile
from mypolis.foundation.files.receiving import seal_all_until
from mypolis.insurance.claims.lifecycle.states import DECIDED, ENDED_UNDECIDED, State
from mypolis.insurance.claims.models import Claim, day_of


def follow(claim: Claim, *, now: datetime, by: Actor) -> None:
    """After a change of state, set the last day of the received bytes; during an appeal, keep them without one."""
    state = claim.in_state
    if state not in DECIDED | ENDED_UNDECIDED | {State.APPEALED}:
        return
    seal_all_until(owners=[claim], day=_last_day(claim, now), by=by)


def follow_appeal_day(claim: Claim, before: date, *, by: Actor) -> None:
    """Keep what was to be kept until the day `before` until the new last day for an appeal."""
    if ReceivedFile.objects.of(claim).filter(sealed_until=before).exists():
        seal_all_until(owners=[claim], day=claim.appeal_until, by=by)


def _last_day(claim: Claim, now: datetime) -> date | None:
    if claim.state == State.APPEALED:
        return None
    if claim.in_state in DECIDED:
        return claim.appeal_until
    return day_of(now, claim.profile) + timedelta(days=claim.profile.claims.appeal_days)
