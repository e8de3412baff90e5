"""Sums the days that are over and not summed yet, and those in which something changed late."""

from datetime import date, datetime, timedelta

from django.db.models import Min
from django.utils import timezone

from mypolis.foundation.markets import Profile
from mypolis.insurance.claims.models import Claim, Decision, Payment
from mypolis.offices.reports.models import ReportProgress
from mypolis.offices.reports.sums.spans import days_between
from mypolis.offices.reports.sums.summing import keep_ages, sum_day, sum_month

_OPEN_TRANSACTIONS = timedelta(hours=1)


def catch_up(profile: Profile, now: datetime) -> list[date]:
    """Sum what is missing up to yesterday, and return the days that were summed. Does nothing if all is there.

    Each day is a transaction of its own, so that an interrupted run goes on where it stopped. A decision or payment
    can be recorded long after its day: then that day is summed again.
    """
    yesterday = timezone.localdate(now, profile.zone) - timedelta(days=1)
    progress = ReportProgress.objects.filter(market=profile.code).first()
    if progress is not None and progress.through >= yesterday:
        return []
    keep_ages(profile=profile, day=yesterday)
    first = progress.through + timedelta(days=1) if progress else _first_day(profile) or yesterday
    late = _changed_late(profile, progress.read_up_to) if progress else set[date]()
    days = sorted({*(day for day in late if day < first), *days_between(min(first, yesterday), yesterday)})
    for day in days:
        sum_day(profile=profile, day=day)
    for month in sorted({day.replace(day=1) for day in days}):
        sum_month(profile=profile, day=month)
    ReportProgress.objects.filter(market=profile.code).update(read_up_to=now)
    return days


def _changed_late(profile: Profile, since: datetime) -> set[date]:
    """The days of decisions and payments of the claims that were changed after a moment.

    Every decision and every result of a bank changes its claim, so only those claims are read.
    """
    since -= _OPEN_TRANSACTIONS
    claims = Claim.objects.filter(market=profile.code, touched_at__gte=since).sent().values("pk")
    decided = Decision.objects.filter(claim__in=claims, recorded_at__gte=since).values_list("at", flat=True)
    paid = Payment.objects.filter(claim__in=claims, state=Payment.PAID).values_list("at", flat=True)
    moments = (*decided.iterator(), *paid.iterator())
    return {timezone.localdate(moment, profile.zone) for moment in moments if moment is not None}


def _first_day(profile: Profile) -> date | None:
    first = Decision.objects.filter(claim__market=profile.code).aggregate(first=Min("at"))["first"]
    return None if first is None else timezone.localdate(first, profile.zone)
