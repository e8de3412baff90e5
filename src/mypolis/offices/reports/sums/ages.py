"""How old the open claims are, by state."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime

from django.utils import timezone

from mypolis.foundation.markets import Profile
from mypolis.insurance.claims.models import Claim

AGES = (2, 7, 14, 30)
"""The last day of each group of ages; older claims are in the group `more`."""


def group_of(days: int) -> str:
    """The group of an age in days: its last day as text, or `more`."""
    return next((str(last) for last in AGES if days <= last), "more")


def ages_of_open_claims(profile: Profile) -> Mapping[str, Mapping[str, object]]:
    """Count the claims that wait for a decision now, by state and group of ages since they were sent."""
    today = profile.today()
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    rows = Claim.objects.undecided().filter(market=profile.code).exclude(number="").values_list("state", "sent_at")
    for state, sent_at in rows.iterator():
        if sent_at is not None:
            counts[state][group_of((today - _day(sent_at, profile)).days)] += 1
    return counts


def _day(moment: datetime, profile: Profile) -> date:
    return timezone.localdate(moment, profile.zone)
