"""Splits a line into days, because limits, cover and years are about single days."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from mypolis.insurance.coverage.plan_books.plan import PlanDocument
from mypolis.insurance.coverage.plan_books.vocabulary import BenefitType

CENT = Decimal("0.01")
_NIGHTS = frozenset({BenefitType.INPATIENT, BenefitType.INTENSIVE_CARE})


def days_of(first: date, last: date, kind: BenefitType | None) -> list[date]:
    """The days that a treatment counts for.

    A hospital room counts nights, at least one, so the day of discharge costs none. Everything else counts each day.
    """
    count = (last - first).days + 1
    if kind in _NIGHTS:
        count = max(1, count - 1)
    return [first + timedelta(days=number) for number in range(count)]


def units_of(count: int, days: int) -> list[int]:
    """How many of `count` units fall on each day: whole ones, spread evenly."""
    return [_units_before(number + 1, count, days) - _units_before(number, count, days) for number in range(days)]


def _units_before(day: int, count: int, days: int) -> int:
    return -(-day * count // days)


def spread(amount: Decimal, weights: Sequence[Decimal | int]) -> list[Decimal]:
    """Split an amount in proportion to weights, in whole cents; the parts add up to the amount.

    The weights must not be negative, and not all be zero.
    """
    whole = Decimal(sum(weights))
    parts, weight, given = [], Decimal(0), Decimal(0)
    for one in weights:
        weight += one
        until = amount if weight == whole else (amount * weight / whole).quantize(CENT, ROUND_DOWN)
        parts.append(until - given)
        given = until
    return parts


def is_counted(plan: PlanDocument, benefit: str) -> bool:
    """Whether a plan limits a benefit by its units: so many visits, or so much for each item."""
    return any(limit.measure == "count" or limit.per == "item" for limit in plan.limits_on(benefit))
