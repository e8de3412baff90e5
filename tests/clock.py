"""The clock of the tests. Every test passes on any day, at any time of day.

A test either computes from today, in the market's zone, or stops the clock for its whole duration, so that nothing is
created at the real time and checked at another. The times at which it stops are also computed from today (`coming`):
at a fixed date, things that fixtures computed from today would have ended or not yet begun.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import time_machine

ZONES = (UTC, *(ZoneInfo(zone) for zone in ("Europe/Belgrade", "Europe/Moscow", "Asia/Jakarta")))


def coming(hour: int, minute: int = 0, second: int = 0, *, zone: tzinfo = UTC) -> datetime:
    """Return the next moment at which clocks of the zone show this time, in UTC; at most a day away."""
    now = datetime.now(UTC)
    for days in range(3):
        day = now.astimezone(zone).date() + timedelta(days=days)
        moment = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone).astimezone(UTC)
        if moment > now:
            return moment
    raise AssertionError("a zone has every time of day within three days")


NOON = coming(12)
TODAY = NOON.date()  # at that moment all markets have this day


def disk_now(folder: Path) -> datetime:
    """Return the time that a new file gets. Under `faketime` it differs from this process's time."""
    mark = folder / "disk-now"
    mark.touch()
    return datetime.fromtimestamp(mark.stat().st_mtime, UTC)


@contextmanager
def beginning_at(moment: datetime) -> Iterator[None]:
    """Set the clock to this moment; it continues from there."""
    with time_machine.travel(moment):
        yield


@contextmanager
def stopped_at(moment: datetime) -> Iterator[datetime]:
    """Stop the clock at this moment."""
    with time_machine.travel(moment, tick=False):
        yield moment


def let_midnight_pass() -> None:
    """Wait if a day has less than a minute left, in UTC or in a market: "today" must not change during a test."""
    while (left := min(_seconds_left(zone) for zone in ZONES)) < 60:
        time.sleep(left + 0.1)


def _seconds_left(zone: tzinfo) -> float:
    now = datetime.now(zone)
    return 86_400 - (now.hour * 3600 + now.minute * 60 + now.second + now.microsecond / 1_000_000)
