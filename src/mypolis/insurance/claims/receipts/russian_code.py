"""The code of a Russian receipt: `t=20260312T1041&s=3850.00&fn=9960440300000001&i=12345&fp=3522207165&n=1`.

t is the local time of the till, s the sum in roubles, fn the number of the fiscal storage, i of the document, fp its
fiscal signature, n the kind of operation: 1 sale, 2 refund, 3 payout, 4 refund of a payout. The till's time zone is
not in the code, so the day is the one that is printed.
"""

import re
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import unquote

from mypolis.insurance.claims.receipts.suggestion import Suggestion

_SALE = "1"
_CENT = Decimal("0.01")
_SHAPES = {
    "t": re.compile(r"\d{8}T\d{4}(\d{2})?", re.ASCII),
    "s": re.compile(r"\d{1,12}([.,]\d{1,2})?", re.ASCII),
    "fn": re.compile(r"\d{16}", re.ASCII),
    "i": re.compile(r"\d{1,10}", re.ASCII),
    "fp": re.compile(r"\d{1,10}", re.ASCII),
    "n": re.compile(r"[1-4]", re.ASCII),
}


def read_russian(text: str) -> Suggestion | None:
    """Return what the code says; None if it is no code of a Russian receipt.

    Capitals, spaces, line ends and an address around it make no difference. A key that occurs twice makes it invalid.
    """
    values = _values("".join(text.split()))
    if values is None:
        return None
    day, amount = _day(values["t"]), Decimal(values["s"].replace(",", ".")).quantize(_CENT)
    if day is None or not amount:
        return None
    return Suggestion(
        kind="ru",
        day=day,
        amount=amount,
        currency="RUB",
        number=f"{values['fn']}-{int(values['i'])}-{int(values['fp'])}",  # tills differ in leading zeros
        is_proof_of_payment=values["n"] == _SALE,
        trust="unchecked",
    )


def _values(text: str) -> dict[str, str] | None:
    """Return the values of the keys that a code must have; None if one is missing, misshapen or doubled."""
    found: dict[str, str] = {}
    for part in text.rpartition("?")[2].partition("#")[0].split("&"):
        key, _equals, value = part.partition("=")
        key = unquote(key).lower()
        if key in found:
            return None
        if key in _SHAPES:
            found[key] = unquote(value).upper()
    is_whole = all(name in found and shape.fullmatch(found[name]) for name, shape in _SHAPES.items())
    return found if is_whole else None


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%S" if len(text) == 15 else "%Y%m%dT%H%M").date()  # noqa: DTZ007
    except ValueError:
        return None
