"""Reads dates of birth, policies and payments. It recognises the dates that programs write for "no date"."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from mypolis.foundation.lib.cells.cell import Cell, CellError
from mypolis.foundation.lib.cells.cleaning import value_in
from mypolis.foundation.lib.dates import DateError, parse_date_cell
from mypolis.foundation.lib.text.folding import ascii_digits

OLDEST_YEARS: Final = 120
FIRST_YEAR: Final = 1950
LAST_YEAR: Final = 2199
_NEARLY: Final = timedelta(minutes=1)
"""A time this close to midnight is a rounding error from converting a date."""

# What programs write for "no date": accounting software, spreadsheets, databases, clocks that begin in 1970.
_EMPTY_DATES = frozenset(
    date.fromisoformat(text)
    for text in (
        *("0001-01-01", "0001-01-02", "0001-01-03", "1600-01-01", "1601-01-01", "1753-01-01", "1800-01-01"),
        *("1899-12-30", "1899-12-31", "1900-01-01", "1900-01-02", "1901-01-01", "1904-01-01", "1970-01-01"),
    )
)
_NO_DATE = re.compile(r"0{1,4}[./-]0{1,2}[./-]0{1,4}|1900-01-00|0?0[./-]0?1[./-]1900", re.ASCII)
_WITH_TIME = re.compile(
    r"(?P<day>\S+?)(?:[T ]\s*)(?P<time>\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)(?P<zone>\s*\S.*)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Day:
    """A day, or None. `note` is the code of a remark about how it was read, or ""."""

    day: date | None
    note: str = ""


def birth_day_in(cell: str, *, today: date) -> Day:
    """Return a possible birth date of a living person. Ambiguous dates are refused.

    A time within a minute of midnight is rounded, with the note "rounded_time". Raises `CellError`
    "not_a_date", "time_of_day", "future", "too_old", or a code of `line_in`.
    """
    found = _read(cell)
    if found.day is None:
        if found.note == "empty_date":
            raise CellError("too_old")
        return found
    if found.day > today:
        raise CellError("future")
    if found.day.year < today.year - OLDEST_YEARS:
        raise CellError("too_old")
    return found


def policy_day_in(cell: str, *, is_last: bool = False) -> Day:
    """Return a day from `FIRST_YEAR` to `LAST_YEAR`, or None with the note "empty_date" for a written "no date".

    With `is_last`, the far future also means "no date". A time up to a minute after midnight is removed, with the note
    "rounded_time". The last minute of a day is refused: it may mean the end of this day or the next day.

    Raises `CellError` "not_a_date", "time_of_day", "impossible_date", or a code of `line_in`.
    """
    found = _read(cell, rounds_up=False)
    if found.day is None:
        return found
    if found.day in _EMPTY_DATES or (is_last and found.day.year > LAST_YEAR):
        return Day(None, "empty_date")
    if not FIRST_YEAR <= found.day.year <= LAST_YEAR:
        raise CellError("impossible_date")
    return found


def _read(cell: str, *, rounds_up: bool = True) -> Day:
    if isinstance(cell, Cell):
        return _of_sheet(cell, rounds_up=rounds_up)
    text = ascii_digits(value_in(cell, max_length=64))
    if not text:
        return Day(None)
    if _NO_DATE.fullmatch(text):
        return Day(None, "empty_date")
    found = _WITH_TIME.fullmatch(text)
    if not found:
        return Day(_day(text))
    if found["zone"]:
        raise CellError("time_of_day")
    return _nearest(_day(found["day"]), found["time"], rounds_up=rounds_up)


def _of_sheet(cell: Cell, *, rounds_up: bool) -> Day:
    if cell.kind == "day":
        return Day(date.fromisoformat(cell.value))
    if cell.kind == "moment":
        moment = datetime.fromisoformat(cell.value)
        return _nearest(moment.date(), moment.time().isoformat(), rounds_up=rounds_up)
    raise CellError("not_a_date")


def _nearest(day: date, clock: str, *, rounds_up: bool) -> Day:
    """Return the day whose midnight is at most a minute away from the moment."""
    try:
        hour, minute, *second = clock.replace(",", ".").split(":")
        passed = timedelta(hours=int(hour), minutes=int(minute), seconds=float(second[0]) if second else 0)
        if passed >= timedelta(days=1):
            raise CellError("not_a_date")
        if not passed:
            return Day(day)
        if passed <= _NEARLY:
            return Day(day, "rounded_time")
        if rounds_up and passed >= timedelta(days=1) - _NEARLY:
            return Day(day + timedelta(days=1), "rounded_time")
    except (ValueError, OverflowError):
        raise CellError("not_a_date") from None
    raise CellError("time_of_day")


def _day(text: str) -> date:
    try:
        return parse_date_cell(text)
    except DateError:
        raise CellError("not_a_date") from None
