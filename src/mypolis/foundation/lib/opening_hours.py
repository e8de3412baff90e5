"""Opening hours, such as `Mo-Fr 08:00-20:00; Sa 09:00-14:00`, in the local time of their zone.

The local clock decides what is open, so changes to daylight saving time need no special case. Hours past midnight
(`Fr 22:00-02:00`) belong to the day on which they begin. On a day in `closed_on` no hours begin, but hours that began
the evening before continue.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
DAY = 24 * 60
ALWAYS = "24/7"

_RULE = re.compile(r"(?P<days>[a-z ,-]+?) (?P<times>[\d:, -]+)", re.ASCII)
_TIMES = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})", re.ASCII)
_AHEAD = 15  # how many days ahead we search for the next change

type Span = tuple[int, int]


class HoursError(ValueError):
    """The text is not valid as opening hours. The message says what is expected."""

    def __init__(self, text: str) -> None:
        super().__init__(f"hours as 24/7 or like Mo-Fr 08:00-20:00; Sa 09:00-14:00, not {text!r}")


@dataclass(frozen=True)
class State:
    """Whether it is open. The state ends at `until` (in the zone); None if it does not change within two weeks."""

    is_open: bool
    until: datetime | None


@dataclass(frozen=True)
class OpeningHours:
    """`week` has seven days from Monday. Each has spans in minutes of that day; an end may be later than 24:00."""

    week: tuple[tuple[Span, ...], ...]
    zone: ZoneInfo
    closed_on: frozenset[date] = field(default=frozenset())

    def state_at(self, moment: datetime) -> State:
        """Return whether it is open at this moment, and until when."""
        is_open = self._is_open(moment)
        later = (at for at in sorted(set(self._turns(moment))) if at > moment and self._is_open(at) != is_open)
        until = next(later, None)
        return State(is_open, until and until.astimezone(self.zone))

    def _is_open(self, moment: datetime) -> bool:
        wall = moment.astimezone(self.zone)
        minute = wall.hour * 60 + wall.minute
        today = any(start <= minute < end for start, end in self._spans(wall.date()))
        evening = self._spans(wall.date() - timedelta(days=1))
        return today or any(start <= minute + DAY < end for start, end in evening)

    def _spans(self, day: date) -> tuple[Span, ...]:
        return () if day in self.closed_on else self.week[day.weekday()]

    def _turns(self, moment: datetime) -> Iterator[datetime]:
        """Yield all times at which the state may change: ends of spans and clock changes of the zone."""
        first = moment.astimezone(self.zone).date() - timedelta(days=1)
        for day in (first + timedelta(days=number) for number in range(_AHEAD + 1)):
            for minute in {minute for span in self._spans(day) for minute in span}:
                wall = datetime(day.year, day.month, day.day, tzinfo=self.zone) + timedelta(minutes=minute)
                yield from (wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
            yield from self._jumps(day)

    def _jumps(self, day: date) -> Iterator[datetime]:
        """Yield the first moment after a clock change within the (UTC) day, if there is one."""
        early = datetime(day.year, day.month, day.day, tzinfo=UTC)
        late = early + timedelta(days=1)
        if self._offset(early) == self._offset(late):
            return
        while late - early > timedelta(minutes=1):
            middle = early + (late - early) / 2
            early, late = (middle, late) if self._offset(middle) == self._offset(early) else (early, middle)
        yield late.replace(second=0, microsecond=0)

    def _offset(self, moment: datetime) -> timedelta | None:
        return moment.astimezone(self.zone).utcoffset()


def parse_hours(text: str, *, zone: ZoneInfo, closed_on: Iterable[date] = ()) -> OpeningHours:
    """Parse opening hours. Raises HoursError if the text is invalid or empty, or names a day twice."""
    week: list[tuple[Span, ...]] = [()] * 7
    if text.strip() == ALWAYS:
        week = [((0, DAY),)] * 7
    else:
        for rule in text.lower().split(";"):
            days, spans = _rule(rule.strip(), text)
            if any(week[day] for day in days):
                raise HoursError(text)
            for day in days:
                week[day] = spans
    return OpeningHours(tuple(week), zone, frozenset(closed_on))


def _rule(rule: str, text: str) -> tuple[list[int], tuple[Span, ...]]:
    found = _RULE.fullmatch(rule)
    if not found:
        raise HoursError(text)
    days = [day for part in found["days"].split(",") for day in _days(part.strip(), text)]
    spans = sorted(_span(part.strip(), text) for part in found["times"].split(","))
    if len(set(days)) < len(days) or any(one[1] > two[0] for one, two in pairwise(spans)):
        raise HoursError(text)
    return days, tuple(spans)


def _days(part: str, text: str) -> list[int]:
    first, dash, last = part.partition("-")
    if first not in DAYS or (dash and last not in DAYS):
        raise HoursError(text)
    start = DAYS.index(first)
    length = (DAYS.index(last) - start) % 7 if dash else 0
    return [(start + number) % 7 for number in range(length + 1)]


def _span(part: str, text: str) -> Span:
    found = _TIMES.fullmatch(part)
    if not found:
        raise HoursError(text)
    hour, minute, last_hour, last_minute = (int(digits) for digits in found.groups())
    start, end = hour * 60 + minute, last_hour * 60 + last_minute
    if minute > 59 or last_minute > 59 or start >= DAY or end > DAY or start == end:
        raise HoursError(text)
    return (start, end if end > start else end + DAY)
