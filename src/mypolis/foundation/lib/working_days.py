"""Working days of a country, for promised times such as "within 14 working days".

The days off come from the package `holidays`. It knows Indonesia's joint leave (category `government`), and Russia's
moved days off with the Saturdays on which people work instead. So a weekday alone does not tell whether people work.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkingCalendar:
    """The country (ISO 3166, such as `RS`), which of its days off count, and corrections that win over them.

    `categories` are those of `holidays`. `extra_off` and `extra_on` are days that a decree announced after the package
    was made: days off, and days on which people work after all. A day in both is a working day.
    """

    country: str
    categories: tuple[str, ...] = ("public",)
    extra_off: tuple[date, ...] = ()
    extra_on: tuple[date, ...] = ()


def is_working_day(day: date, calendar: WorkingCalendar) -> bool:
    """Return whether people work on this day.

    Raises NotImplementedError for a country that `holidays` does not know, ValueError for an unknown category.
    """
    if day in calendar.extra_on:
        return True
    return day not in calendar.extra_off and day in _working_days_of(calendar.country, calendar.categories, day.year)


def add_working_days(day: date, n: int, calendar: WorkingCalendar) -> date:
    """Return the n-th working day after `day`. For 0: the day itself, or the next working day if nobody works then.

    Raises ValueError if `n` is negative, OverflowError after the year 9999.
    """
    if n < 0:
        raise ValueError("the number of working days must not be negative")
    if n == 0:
        return day if is_working_day(day, calendar) else add_working_days(day, 1, calendar)
    while n:
        day += _DAY
        n -= is_working_day(day, calendar)
    return day


def working_days_between(start: date, end: date, calendar: WorkingCalendar) -> int:
    """Return how many working days there are after `start`, up to and including `end`; 0 if `end` is not later.

    So it is the opposite of `add_working_days`: from a day to the n-th working day after it there are n.
    """
    return sum(is_working_day(day, calendar) for day in _days_after(start, end))


def _days_after(start: date, end: date) -> Iterator[date]:
    return (start + _DAY * count for count in range(1, (end - start).days + 1))


@lru_cache(maxsize=64)
def _working_days_of(country: str, categories: tuple[str, ...], year: int) -> frozenset[date]:
    """Return the year's working days.

    The package's own calendars add years to themselves when asked, which is not safe with threads. So each call makes a
    new one.
    """
    from holidays import country_holidays  # noqa: PLC0415 - takes a quarter of a second, which not every start should pay

    neighbours = [one for one in (year - 1, year, year + 1) if date.min.year <= one <= date.max.year]
    known = country_holidays(country, categories=categories, years=neighbours, expand=False)
    first = date(year, 1, 1)
    days = (date.fromordinal(first.toordinal() + count) for count in range(date(year, 12, 31).timetuple().tm_yday))
    return frozenset(day for day in days if known.is_working_day(day))
