"""Moments for tests that stop the clock. None of them is a fixed date: such a test passes today and fails next year.

A test that needs a certain time of day takes the next one from here, and stops the clock for all of itself
(`stopped_at`), so that nothing is made at the real time and checked at another.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo

import time_machine


def coming(hour: int, minute: int = 0, second: int = 0, *, zone: tzinfo = UTC) -> datetime:
    """The next moment at which clocks of the zone show this time; in UTC, at most a day away."""
    now = datetime.now(UTC)
    for days in range(3):
        day = now.astimezone(zone).date() + timedelta(days=days)
        moment = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone).astimezone(UTC)
        if moment > now:
            return moment
    raise AssertionError("a zone has every time of day within three days")


@contextmanager
def stopped_at(moment: datetime) -> Iterator[datetime]:
    """The clock stands still at this moment."""
    with time_machine.travel(moment, tick=False):
        yield moment
