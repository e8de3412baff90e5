"""Sums that a decision from outside granted, spread over the days of a line for the ledger."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from mypolis.insurance.claims.adjudication.days import days_of, is_counted, spread, units_of
from mypolis.insurance.claims.adjudication.lines import AdjudicatedLine, AskedDay
from mypolis.insurance.coverage.ledger.arithmetic import Ask, Grant


def given_days(decided: AdjudicatedLine, granted: Decimal, member: int, currency: str) -> Iterator[AskedDay]:
    """What the ledger records for a line of which somebody else granted a sum; nothing if that is zero.

    The sum is spread over the days for which our rules would pay, in proportion to what they would pay. If they would
    pay nothing, it is spread evenly over all days of the line.
    """
    if granted <= 0:
        return
    weights = {day.ask.day: day.granted.amount for day in decided.days if day.granted.amount > 0}
    units = {day.ask.day: day.granted.count for day in decided.days}
    if not weights:
        days = _days(decided)
        weights = dict.fromkeys(days, Decimal(1))
        units = dict(zip(days, _units(decided, len(days)), strict=True))
    line = decided.line
    for day, amount in zip(weights, spread(granted, list(weights.values())), strict=True):
        count = units.get(day, 0)
        ask = Ask(
            member=member,
            benefit=line.benefit,
            day=day,
            amount=amount,
            count=count,
            case=line.case,
            visit=line.visit,
            pregnancy=line.pregnancy,
        )
        yield AskedDay(ask, Grant(amount, count), currency)


def _days(decided: AdjudicatedLine) -> list[date]:
    benefit = decided.plan.benefit(decided.line.benefit) if decided.plan else None
    return days_of(decided.line.day, decided.line.last_day, benefit.type if benefit else None)


def _units(decided: AdjudicatedLine, days: int) -> list[int]:
    counted = decided.plan is not None and is_counted(decided.plan, decided.line.benefit)
    return units_of(decided.line.count, days) if counted else [0] * days
