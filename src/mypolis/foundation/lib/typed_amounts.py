"""Reads a sum of money as people type it, with a comma or a point. It never guesses: 150.000 can mean two things."""

import re
from decimal import Decimal
from typing import Literal

from mypolis.foundation.lib.cells.numbers import MAX_AMOUNT
from mypolis.foundation.lib.text.folding import ascii_digits

AmountCode = Literal["format", "two_readings", "zero", "negative", "too_large"]

_LONGEST = 40
_SIGNS = {
    "EUR": re.compile(r"EUR|€", re.I),
    "IDR": re.compile(r"IDR|Rp\.?", re.I),
    "RSD": re.compile(r"RSD|din\.?|дин\.?", re.I),
    "RUB": re.compile(r"RUB|₽|руб\.?|р\.", re.I),
    "USD": re.compile(r"USD|\$", re.I),
}
_MINUS = re.compile(r"^[-\u2212\u2013]")
_SPACES = re.compile(r"(?<=\d)[\s'’](?=\d{3}(?!\d))")
_PLAIN = re.compile(r"\d+(?:[.,]\d{1,2})?", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?P<group>[.,])\d{3}(?:(?P=group)\d{3})+", re.ASCII)
_GROUPED_WITH_CENTS = re.compile(r"\d{1,3}(?:\.\d{3})+,\d{1,2}|\d{1,3}(?:,\d{3})+\.\d{1,2}", re.ASCII)
_TWO_READINGS = re.compile(r"([1-9]\d{0,2})[.,](\d{3})", re.ASCII)


class AmountError(ValueError):
    """The text is no sum that we can use; `code` says why. For "two_readings", `readings` are both."""

    def __init__(self, code: AmountCode, readings: tuple[str, str] = ("", "")) -> None:
        super().__init__(code)
        self.code = code
        self.readings = readings


def read_typed_amount(text: str, *, currency: str = "") -> Decimal:
    """Return a sum above zero, at most `MAX_AMOUNT`, with two decimals.

    Accepts "150000", "150 000", "1.250.000", "1,250,000.50" and "1.250.000,50". The sign of `currency` may stand beside
    the number; that of another one is refused, because it would be another sum. Raises `AmountError`: "two_readings"
    for a single group such as "150.000", and "format" for everything else that is no number, such as "1e12".
    """
    if len(text) > _LONGEST:
        raise AmountError("format")
    bare = ascii_digits(text)
    if currency in _SIGNS:
        bare = _SIGNS[currency].sub("", bare, count=1)
    bare = bare.strip()
    is_negative = bool(_MINUS.match(bare))
    digits = _SPACES.sub("", _MINUS.sub("", bare).strip())
    amount = _read(digits)
    if is_negative:
        raise AmountError("negative")
    if amount == 0:
        raise AmountError("zero")
    if amount > MAX_AMOUNT:
        raise AmountError("too_large")
    return amount.quantize(Decimal("0.01"))


def _read(digits: str) -> Decimal:
    unclear = _TWO_READINGS.fullmatch(digits)
    if unclear:
        whole, rest = unclear.groups()
        raise AmountError("two_readings", (f"{whole}.{rest}".rstrip("0").rstrip("."), whole + rest))
    if _PLAIN.fullmatch(digits):
        return Decimal(digits.replace(",", "."))
    if _GROUPED.fullmatch(digits):
        return Decimal(re.sub(r"[.,]", "", digits))
    if _GROUPED_WITH_CENTS.fullmatch(digits):
        whole, cents = re.split(r"[.,](?=\d{1,2}$)", digits)
        return Decimal(f"{re.sub(r'[.,]', '', whole)}.{cents}")
    raise AmountError("format")
