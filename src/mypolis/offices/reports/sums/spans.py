"""Days and months of a market, as moments."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from mypolis.foundation.markets import Profile


@dataclass(frozen=True)
class Span:
    """Whole days of a market, from `first` to `last`."""

    profile: Profile
    first: date
    last: date

    @property
    def begins(self) -> datetime:
        """The first moment."""
        return timezone.make_aware(datetime.combine(self.first, time.min), self.profile.zone)

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return timezone.make_aware(datetime.combine(self.last + timedelta(days=1), time.min), self.profile.zone)


def month_of(profile: Profile, day: date) -> Span:
    """The month that a day is in."""
    first = day.replace(day=1)
    return Span(profile, first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)
