"""Days that run against a member stand still while staff keep the member's account locked.

Nothing lapses, is deleted or reminded of during a lock (`jobs.py`). The days of the lock, its first and last day
included, are given back when it ends: to answer our questions, to appeal, and to go on with a draft.
"""

from datetime import datetime, timedelta

from django.db.models import Q

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.insurance.claims.event_kinds import ClaimEvent
from mypolis.insurance.claims.lifecycle import sealing
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import Claim, day_of
from mypolis.membership.accounts.models import Account


def give_days_back(*, account: Account, locked_at: datetime, by: Actor) -> None:
    """Move on every last day that had not passed when an account was locked. Needs a transaction."""
    locked_on = day_of(locked_at, account.profile)
    days = timedelta(days=(account.profile.today() - locked_on).days + 1)
    open_ones = Q(state=State.DRAFT) | Q(answer_by__gte=locked_on) | Q(appeal_until__gte=locked_on)
    for claim in Claim.objects.select_for_update().filter(open_ones, account=account).order_by("pk"):
        if claim.answer_by is not None and claim.answer_by >= locked_on:
            claim.answer_by += days
        if (before := claim.appeal_until) is not None and before >= locked_on:
            claim.appeal_until = before + days
            sealing.follow_appeal_day(claim, before, by=by)
        if claim.is_draft:
            claim.touched_at += days
            claim.warned_at = claim.warned_at and claim.warned_at + days
        claim.save(update_fields=["answer_by", "appeal_until", "touched_at", "warned_at"])
        record(ClaimEvent.CLAIM_DAYS_GIVEN_BACK, market=claim.market, by=by, subject=claim, days=days.days)
