"""Serbia's personal number: DD MM YYY, two digits of area, three of serial, one check digit.

The check digit finds typing errors; whether a number is somebody's is for the insurer's own records to say.
Areas are never judged: foreigners (06, 66) and people registered elsewhere in former Yugoslavia hold good
ones. Where the sum leaves remainder 1 the check digit is 0, as `stdnum.si.emso` (the same algorithm) has it;
some implementations refuse these. Source: Zakon o jedinstvenom matičnom broju građana, "Sl. glasnik RS"
24/2018, art. 4.
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
    """What is wrong with the number: see `code`. Never holds the number."""

    def __init__(self, code: JmbgCode) -> None:
        super().__init__(code)
        self.code = code


def compact_jmbg(text: str) -> str:
    """The 13 digits without spaces, dashes and dots, not judged further; raises `JmbgError` "format" or
    "length".

    Twelve digits are "length": a spreadsheet took the leading zero away.
    """
    number = ascii_digits(_SEPARATORS.sub("", text))
    if not (number.isascii() and number.isdigit()):
        raise JmbgError("format")
    if len(number) != 13:
        raise JmbgError("length")
    return number


def normalise_jmbg(text: str) -> str:
    """The 13 digits of a number with a possible birth date and the right check digit; raises `JmbgError`."""
    number = compact_jmbg(text)
    # A day's grace: the calendar in Serbia is ahead of UTC's.
    if birth_date(number) > datetime.now(UTC).date() + timedelta(days=1):
        raise JmbgError("date")
    if emso.calc_check_digit(number) != number[-1]:
        raise JmbgError("checksum")
    return number


def birth_date(number: str) -> date:
    """The date in a compact number;

    Years 000-799 are of the 2000s. Raises `JmbgError` "date" when there is none.
    """
    try:
        born: date = emso.get_birth_date(number)
    except InvalidComponent:
        raise JmbgError("date") from None
    return born
