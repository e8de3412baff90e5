"""Serbia's personal number (JMBG): DD MM YYY, two digits for the region, three for a serial number, one check digit.

The check digit finds typing errors. Whether somebody has the number is checked in the insurer's records. We do not
check the region: foreigners (06, 66) and people registered elsewhere in former Yugoslavia have valid numbers too. If
the remainder is 1, the check digit is 0, as in `stdnum.si.emso` (the same algorithm); some implementations refuse this.
Source: Zakon o jedinstvenom matičnom broju građana, "Sl. glasnik RS" 24/2018, art. 4.
"""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from stdnum.exceptions import InvalidComponent
from stdnum.si import emso

from mypolis.foundation.lib.text.folding import ascii_digits

JmbgCode = Literal["format", "length", "checksum", "date"]

_SEPARATORS = re.compile(r"[\s.\-\u2010-\u2015\u2212\u200b\u200e\u200f\u2060\ufeff]")


class JmbgError(ValueError):
    """The number is invalid; `code` says why. It never contains the number."""

    def __init__(self, code: JmbgCode) -> None:
        super().__init__(code)
        self.code = code


def compact_jmbg(text: str) -> str:
    """Return the 13 digits without spaces, dashes and dots. Raises `JmbgError` "format" or "length".

    It checks nothing else. Twelve digits raise "length": a spreadsheet removed the leading zero.
    """
    number = ascii_digits(_SEPARATORS.sub("", text))
    if not (number.isascii() and number.isdigit()):
        raise JmbgError("format")
    if len(number) != 13:
        raise JmbgError("length")
    return number


def normalise_jmbg(text: str) -> str:
    """Return the 13 digits. Raises `JmbgError` if the birth date is impossible or the check digit is wrong."""
    number = compact_jmbg(text)
    # Allow one more day, because Serbia is ahead of UTC.
    if birth_date(number) > datetime.now(UTC).date() + timedelta(days=1):
        raise JmbgError("date")
    if emso.calc_check_digit(number) != number[-1]:
        raise JmbgError("checksum")
    return number


def birth_date(number: str) -> date:
    """Return the birth date in a compact number.

    Years 000-799 are 2000-2799. Raises `JmbgError` "date" if it is not a date.
    """
    try:
        born: date = emso.get_birth_date(number)
    except InvalidComponent:
        raise JmbgError("date") from None
    return born
