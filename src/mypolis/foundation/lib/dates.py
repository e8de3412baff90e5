"""Parses dates from form fields, JSON and the cells of lists."""

import re
from datetime import date, datetime
from typing import Literal

from mypolis.foundation.lib.text.folding import ascii_digits

DateCode = Literal["format", "not_a_date", "future", "too_old"]

OLDEST_YEARS = 130
_FIRST_YEAR = 2000  # programs do not send earlier times

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})\.?", re.ASCII)
_DIGITS = re.compile(r"\d+", re.ASCII)


class DateError(ValueError):
    """The text is not a usable date; `code` says why."""

    def __init__(self, code: DateCode) -> None:
        super().__init__(code)
        self.code = code


def parse_iso_date(text: str) -> date:
    """YYYY-MM-DD; raises `DateError` "format" or "not_a_date"."""
    found = _ISO.fullmatch(ascii_digits(text).strip())
    if not found:
        raise DateError("format")
    year, month, day = found.groups()
    return _date(day, month, year)


def parse_day_month_year(day: str, month: str, year: str) -> date:
    """Three boxes, the year with four digits; raises `DateError` "format" or "not_a_date"."""
    day, month, year = (ascii_digits(box).strip() for box in (day, month, year))
    if not all(_DIGITS.fullmatch(box) for box in (day, month, year)):
        raise DateError("format")
    if len(year) != 4 or len(day) > 2 or len(month) > 2:
        raise DateError("format")
    return _date(day, month, year)


def parse_date_cell(text: str) -> date:
    """YYYY-MM-DD, or DD.MM.YYYY with dots, slashes or dashes (always day first); raises `DateError`."""
    text = ascii_digits(text).strip()
    found = _DAY_FIRST.fullmatch(text)
    if not found:
        return parse_iso_date(text)
    day, _, month, year = found.groups()
    return _date(day, month, year)


def parse_moment(text: str) -> datetime:
    """A time with its zone, such as 2026-11-24T06:00:00+07:00; raises `DateError` "format" or "too_old"."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise DateError("format") from None
    if moment.tzinfo is None:
        raise DateError("format")
    if moment.year < _FIRST_YEAR:
        raise DateError("too_old")
    return moment


def plausible_birth_date(born: date, *, today: date) -> date:
    """Return the date. Raises `DateError` "future", or "too_old" if it is more than `OLDEST_YEARS` ago."""
    if born > today:
        raise DateError("future")
    if born.year < today.year - OLDEST_YEARS:
        raise DateError("too_old")
    return born


def _date(day: str, month: str, year: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise DateError("not_a_date") from None
