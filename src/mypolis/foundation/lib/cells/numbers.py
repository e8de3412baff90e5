"""Reads ids, amounts and counts. It never guesses: 150.000 may mean 150 or 150 thousand."""

import re
from decimal import Decimal, InvalidOperation
from typing import Final

from mypolis.foundation.lib.cells.cell import Cell, CellError, KnownText
from mypolis.foundation.lib.cells.cleaning import is_marked_as_text, value_in
from mypolis.foundation.lib.cells.number_formats import Format, shown_digits, shown_format
from mypolis.foundation.lib.cells.wrong_encoding import is_misread

MAX_AMOUNT: Final = Decimal("999999999999.99")
_AMOUNT = re.compile(r"[0-9]+(\.[0-9]{1,2})?")
_COUNT = re.compile(r"[0-9]{1,9}")
_CENT = Decimal("0.01")
_CENTS = 2
# 1.23E+12, 1.23e12, 7E+09, but not 77E1234567, which is an id.
_SHORTENED = re.compile(r"[+-]?\d{1,3}([.,]\d+[eEеЕ]\d{1,3}|([.,]\d+)?[eEеЕ][+-]\d{1,3})")
# A day as spreadsheets write it into text files, and what they make of 12-3: 12-Mar, Mar-26, 12.мар, мар.26.
_DAY = re.compile(
    r"((19|20)\d{2}([-/.])(0?[1-9]|1[0-2])\3(0?[1-9]|[12]\d|3[01])"
    r"|(0?[1-9]|[12]\d|3[01])([-/.])(0?[1-9]|[12]\d|3[01])\7(19|20)\d{2})\.?([T ]0?0:00(:00)?)?",
    re.ASCII,
)
_MONTHS = {
    "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mei|Agu|Okt|Nop|Des": "[- ]",
    "jan|feb|mar|apr|maj|jun|jul|avg|sep|okt|nov|dec|янв|фев|мар|апр|май|июн|июл|авг|сен|окт|ноя|дек": "[-. ]",
}
_SHORT_DAY = re.compile(
    "|".join(f"\\d{{1,2}}{gap}({names})({gap}\\d{{2,4}})?|({names}){gap}\\d{{2}}" for names, gap in _MONTHS.items()),
    re.ASCII,
)
_WHOLE_WITH_DECIMALS = re.compile(r"\d+[.,]0+")
_ROUNDED_FROM = Decimal(10) ** 15  # a spreadsheet keeps 15 digits
_NOISE = Decimal(2) ** -50  # relative rounding error of binary fractions


def id_in(cell: str, *, max_length: int, may_be_day: bool = False) -> str:
    """Return an id, such as a policy number, as the sheet shows it; "" for an empty cell.

    An id in a text file that looks like a date is refused: a spreadsheet may have changed it. It is accepted if it is
    marked as text (`="2026-03-12"`), or with `may_be_day`, for ids that often look like dates.

    Raises `CellError` "scientific" (shortened by a spreadsheet), "changed_number", "became_date", "shown_otherwise" (we
    cannot know what the format shows), or a code of `line_in`.
    """
    if isinstance(cell, Cell):
        return _id_of(cell)
    text = value_in(cell, max_length=max_length)
    if _SHORTENED.fullmatch(text):
        raise CellError("scientific")
    if not (may_be_day or isinstance(cell, KnownText) or is_marked_as_text(cell)) and _is_day(text):
        raise CellError("became_date")
    if _WHOLE_WITH_DECIMALS.fullmatch(text):
        raise CellError("changed_number")
    if ("?" in text and any(map(str.isalnum, text))) or is_misread(text):
        raise CellError("lost_letters")
    return text


def _is_day(text: str) -> bool:
    return bool(_DAY.fullmatch(text) or _SHORT_DAY.fullmatch(text))


def _id_of(cell: Cell) -> str:
    if cell.kind in ("day", "moment"):
        raise CellError("became_date")
    if cell.kind == "merged":
        raise CellError("merged")
    if cell.kind == "truth":
        raise CellError("changed_number")
    number = _number(cell)
    if abs(number) >= _ROUNDED_FROM:
        raise CellError("scientific")
    if number != number.to_integral_value() or number < 0:
        raise CellError("changed_number")
    return shown_digits(int(number), _format(cell))


def amount_in(cell: str) -> Decimal | None:
    """Return an amount from 0 to `MAX_AMOUNT`: ASCII digits and at most two decimals after a point; None if empty.

    In a spreadsheet's number, rounding errors of calculations are removed (118.80000000000001). An amount that the
    sheet shows differently is refused. Raises `CellError` "bad_amount".
    """
    if isinstance(cell, Cell):
        return _bounded(_amount_of(cell))
    try:
        text = value_in(cell, max_length=64)
    except CellError:
        raise CellError("bad_amount") from None
    if not text:
        return None
    if not _AMOUNT.fullmatch(text):
        raise CellError("bad_amount")
    return _bounded(Decimal(text))


def _amount_of(cell: Cell) -> Decimal:
    try:
        number, form = _number(cell), _format(cell)
    except CellError:
        raise CellError("bad_amount") from None
    if abs(number) > MAX_AMOUNT:
        raise CellError("bad_amount")
    amount = number.quantize(_CENT)
    noise = max(abs(number), Decimal(1)) * _NOISE
    if abs(number - amount) > noise or form.is_scaled or form.misleads:
        raise CellError("bad_amount")
    shows = form.decimals
    if shows is not None and (shows > _CENTS or abs(amount - round(amount, shows)) > noise):
        raise CellError("bad_amount")  # the sheet shows 150.000 for 150, or another amount than its value
    return amount or Decimal(0)  # never minus zero


def _bounded(amount: Decimal) -> Decimal:
    if not 0 <= amount <= MAX_AMOUNT:
        raise CellError("bad_amount")
    return amount


def count_in(cell: str, *, most: int) -> int | None:
    """Return a whole number of ASCII digits up to `most`; None if empty. Raises `CellError` "bad_count"."""
    try:
        text = _id_of(cell) if isinstance(cell, Cell) else value_in(cell, max_length=64)
    except CellError:
        raise CellError("bad_count") from None
    if not text:
        return None
    if not _COUNT.fullmatch(text) or int(text) > most:
        raise CellError("bad_count")
    return int(text)


def _number(cell: Cell) -> Decimal:
    try:
        number = Decimal(cell.value) if cell.kind == "number" else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise CellError("changed_number")
    return number


def _format(cell: Cell) -> Format:
    return shown_format(cell.number_format)
