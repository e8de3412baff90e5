"""The reason code of a limit's cut, and the facts for its sentence."""

from datetime import date
from decimal import Decimal
from typing import Final

from mypolis.insurance.claims.adjudication.lines import Facts
from mypolis.insurance.coverage.plan_books.plan import Limit
from mypolis.insurance.coverage.plan_books.vocabulary import Basis

_OF_MONEY: Final[dict[Basis, str]] = {
    "visit": "limit_visit",
    "day": "limit_day",
    "case": "limit_case",
    "pregnancy": "limit_pregnancy",
    "item": "limit_item",
    "year": "limit_year",
    "lifetime": "limit_lifetime",
}


def code_of(limit: Limit) -> str:
    """The reason code of a limit."""
    if limit.family:
        return "limit_family"
    if limit.measure == "days":
        return "limit_days"
    return "limit_count" if limit.measure == "count" else _OF_MONEY[limit.per]


def facts_of(limit: Limit, left: Decimal, day: date, currency: str) -> Facts:
    """The facts: the limit, and what this line found left of it on `day`, in the limit's measure."""
    return {
        "size": str(limit.size),
        "left": str(left),
        "per": limit.per,
        "measure": limit.measure,
        "unit": limit.unit or "day",
        "day": day.isoformat(),
        "currency": currency,
        "variant": "untouched" if left >= limit.size else "" if left > 0 else "used_up",
    }
