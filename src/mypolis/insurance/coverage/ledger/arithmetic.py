"""The arithmetic of limits, without a database: what a limit has left, and how much of an ask it allows.

An **ask** is one line of a claim or a guarantee: a benefit on one day, in money, in units, or both. A **bucket** is
the set of lines that a limit adds up for an ask: the same year, case, visit, day or pregnancy, of one member or of
the family. An ask without a case, visit or pregnancy has a bucket of its own; an item always has.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from zoneinfo import ZoneInfo

from mypolis.insurance.coverage.plan_books.plan import Limit

ZERO = Decimal(0)
_CENT = Decimal("0.01")
WAITING, NOT_COVERED = "waiting", "not_covered"


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One line: `member` is the member's key, `amount` is in the plan's currency, `count` in the benefit's unit."""

    member: int
    benefit: str
    day: date
    amount: Decimal = ZERO
    count: int = 0
    case: str = ""
    visit: str = ""
    pregnancy: str = ""


@dataclass(frozen=True)
class Taken:
    """The content of a bucket: money, units, and the number of different days with usage."""

    amount: Decimal = ZERO
    count: int = 0
    days: frozenset[date] = frozenset()

    def __add__(self, other: "Taken") -> "Taken":
        return Taken(self.amount + other.amount, self.count + other.count, self.days | other.days)

    @property
    def floored(self) -> "Taken":
        """The same with no value below zero, for a feed that returns an amount before its use arrives."""
        return Taken(max(ZERO, self.amount), max(0, self.count), self.days)


@dataclass(frozen=True)
class Grant:
    """How much of an ask is granted.

    `cuts` has the key of each limit that reduced the ask, in order, with the money that it took off; or the reason for
    nothing, with everything. The cuts add up to the money that is not granted.
    """

    amount: Decimal
    count: int
    cuts: tuple[tuple[str, Decimal], ...] = ()

    @property
    def cut_by(self) -> str:
        """The key of the last limit that reduced the ask, or why nothing is granted; empty without a cut."""
        return self.cuts[-1][0] if self.cuts else ""


@dataclass(frozen=True)
class Span:
    """A range of days, both ends included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Covered:
    """When a member is covered for a benefit; nothing is paid in the first `waiting_days`."""

    start: date
    end: date | None = None
    waiting_days: int = 0

    @property
    def paid_from(self) -> date:
        """The first day after the waiting period."""
        return self.start + timedelta(days=self.waiting_days)

    def refusal(self, day: date) -> str:
        """Why nothing is paid on a day; empty if something is paid."""
        if day < self.start or (self.end is not None and day > self.end):
            return NOT_COVERED
        return WAITING if day < self.paid_from else ""


def year_of(day: date, anchor: date | None) -> Span:
    """The insurance year that contains a day: it starts on each anniversary of `anchor`, or on 1 January without one.

    An anniversary of 29 February is on 1 March in other years.
    """
    begin = anchor or date(day.year, 1, 1)
    first = _anniversary(begin, day.year)
    if first > day:
        first = _anniversary(begin, day.year - 1)
    return Span(first, _anniversary(begin, first.year + 1) - timedelta(days=1))


def day_in(instant: datetime, zone: ZoneInfo) -> date:
    """The calendar day of a moment in a market's time zone; limits per day and per year use it."""
    return instant.astimezone(zone).date()


def in_bucket(limit: Limit, ask: Ask, other: Ask, *, year: Span) -> bool:
    """Whether an earlier line counts against a limit for this ask; `year` is the ask's."""
    if other.benefit not in limit.benefits or not (limit.family or other.member == ask.member):
        return False
    match limit.per:
        case "lifetime":
            return True
        case "year":
            return other.day in year
        case "day":
            return other.day == ask.day
        case "case":
            return bool(ask.case) and other.case == ask.case
        case "visit":
            return bool(ask.visit) and other.visit == ask.visit
        case "pregnancy":
            return bool(ask.pregnancy) and other.pregnancy == ask.pregnancy
        case "item":
            return False


def left(limit: Limit, taken: Taken) -> Decimal:
    """How much a bucket has left, in the limit's measure; never below zero."""
    used = {"amount": taken.amount, "count": Decimal(taken.count), "days": Decimal(len(taken.days))}[limit.measure]
    return max(ZERO, limit.size - used)


def grant(ask: Ask, limits: Iterable[Limit], taken: Callable[[Limit], Taken], covered: Covered) -> Grant:
    """How much of an ask passes all limits on its benefit; `taken` returns the content of each limit's bucket.

    Units are reduced first, and the money in proportion; then the money is reduced to what is left.
    """
    if refusal := covered.refusal(ask.day):
        return Grant(ZERO, 0, ((refusal, ask.amount),))
    granted = Grant(ask.amount, ask.count)
    for limit in sorted((one for one in limits if ask.benefit in one.benefits), key=_units_first):
        granted = _cut(granted, ask, limit, taken(limit))
    return granted


def _units_first(limit: Limit) -> int:
    return ("days", "count", "amount").index(limit.measure)


def _cut(granted: Grant, ask: Ask, limit: Limit, taken: Taken) -> Grant:
    rest = left(limit, taken)
    match limit.measure:
        case "days":
            return granted if ask.day in taken.days or rest >= 1 else _reduced(granted, limit, ZERO, 0)
        case "count":
            if limit.per == "item":
                rest *= max(1, ask.count)
            if granted.count <= rest:
                return granted
            amount = (granted.amount * rest / granted.count).quantize(_CENT, ROUND_DOWN)
            return _reduced(granted, limit, amount, int(rest))
        case "amount":
            if limit.per == "item":
                rest *= max(1, granted.count)
            return granted if granted.amount <= rest else _reduced(granted, limit, rest, granted.count)


def _reduced(granted: Grant, limit: Limit, amount: Decimal, count: int) -> Grant:
    return Grant(amount, count, (*granted.cuts, (limit.key, granted.amount - amount)))


@dataclass
class Bucket:
    """Adds lines up per day, so that a day whose usage was fully returned does not count."""

    amounts: dict[date, Decimal] = field(default_factory=dict)
    counts: dict[date, int] = field(default_factory=dict)

    def add(self, day: date, amount: Decimal, count: int) -> None:
        """Add a line; negative numbers reverse one."""
        self.amounts[day] = self.amounts.get(day, ZERO) + amount
        self.counts[day] = self.counts.get(day, 0) + count

    @property
    def taken(self) -> Taken:
        """The total."""
        days = frozenset(day for day in self.amounts if self.amounts[day] > 0 or self.counts[day] > 0)
        return Taken(sum(self.amounts.values(), ZERO), sum(self.counts.values()), days)


def _anniversary(begin: date, year: int) -> date:
    try:
        return begin.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
