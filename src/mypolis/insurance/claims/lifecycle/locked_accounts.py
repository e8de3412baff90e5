"""Days that run against a member stand still while staff keep the member's account locked.

Nothing lapses, is deleted or reminded of during a lock (`jobs.py`). The days of the lock, its first and last day
included, are given back when it ends: to answer our questions, to appeal, and to go on with a draft. Nobody gets more
than all the days again, from the day after: we may have asked or decided during the lock.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.markets import Profile
from mypolis.insurance.claims.event_kinds import ClaimEvent
from mypolis.insurance.claims.lifecycle import sealing
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import Claim, day_of
from mypolis.membership.accounts.models import Account


def still_to_be_appealed(profile: Profile) -> Sequence[Claim]:
    """A market's claims whose days to appeal stand still: an appeal may need their received files after the lock."""
    rows = Claim.objects.filter(market=profile.code, appeal_until__isnull=False, account__locked_at__isnull=False)
    found = rows.values_list("pk", "appeal_until", "account__locked_at")
    return [Claim(pk=key) for key, last, since in found if last and since and last >= day_of(since, profile)]


def give_days_back(*, account: Account, locked_at: datetime, by: Actor) -> None:
    """Move on every last day that had not passed when an account was locked. Needs a transaction."""
    locked_on, today, terms = day_of(locked_at, account.profile), account.profile.today(), account.profile.claims
    days = timedelta(days=(today - locked_on).days + 1)

    def later(last: date, all_days: int) -> date:
        return max(last, min(last + days, today + timedelta(days=1 + all_days)))

    def moved(moment: datetime) -> datetime:
        return max(moment, min(moment + days, timezone.now() + timedelta(days=1)))

    open_ones = Q(state=State.DRAFT) | Q(answer_by__gte=locked_on) | Q(appeal_until__gte=locked_on)
    for claim in Claim.objects.select_for_update().filter(open_ones, account=account).order_by("pk"):
        if claim.answer_by is not None and claim.answer_by >= locked_on:
            claim.answer_by = later(claim.answer_by, terms.answer_days)
        if (before := claim.appeal_until) is not None and before >= locked_on:
            claim.appeal_until = later(before, terms.appeal_days)
            sealing.follow_appeal_day(claim, before, by=by)
        if claim.is_draft:
            claim.touched_at = moved(claim.touched_at)
            claim.warned_at = claim.warned_at and moved(claim.warned_at)
        claim.save(update_fields=["answer_by", "appeal_until", "touched_at", "warned_at"])
        record(ClaimEvent.CLAIM_DAYS_GIVEN_BACK, market=claim.market, by=by, subject=claim, days=days.days)
