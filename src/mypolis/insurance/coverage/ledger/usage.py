"""Reserved and used amounts for limits. The cost depends on months and benefits, never on the ledger's length.

Yearly sums come from the monthly balances. Ledger lines are read only for the partial months of a year that does not
start on the first of a month, and for limits in days.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Q

from mypolis.insurance.coverage.ledger.arithmetic import ZERO, Ask, Bucket, Span, Taken, left
from mypolis.insurance.coverage.models import Balance, Entry, first_of_month
from mypolis.insurance.coverage.plan_books.plan import Limit, PlanDocument

_RESERVED = {Entry.RESERVE: 1, Entry.RELEASE: -1}
_USED = {Entry.USE: 1, Entry.REVERSE: -1}
SIGNS = _RESERVED | _USED  # how an entry changes the sum of its part
LINE_FIELDS = (
    *("membership_id", "benefit", "currency", "day", "kind", "amount", "count"),
    *("case", "visit", "pregnancy"),
)  # of a LedgerLine, in its order


@dataclass(frozen=True)
class Scope:
    """Whose usage counts and for which year: `own` is the member's membership; `family` includes it."""

    plan: PlanDocument
    own: int
    family: frozenset[int]
    year: Span

    def members(self, limit: Limit) -> frozenset[int]:
        """The memberships that share a limit."""
        return self.family if limit.family else frozenset({self.own})

    @property
    def days_limited(self) -> frozenset[str]:
        """The benefits with a limit in days, per year or for life."""
        return frozenset(
            benefit
            for limit in self.plan.limits
            if limit.measure == "days" and limit.per in ("year", "lifetime")
            for benefit in limit.benefits
        )

    @property
    def kept_for_life(self) -> frozenset[str]:
        """The benefits with a lifetime limit."""
        limits = (limit for limit in self.plan.limits if limit.per == "lifetime")
        return frozenset(benefit for limit in limits for benefit in limit.benefits)


@dataclass(frozen=True)
class LimitUsage:
    """The usage of a limit, in the limit's own measure."""

    reserved: Decimal
    used: Decimal
    left: Decimal


class MonthlySum(NamedTuple):
    """A monthly balance as limits count it."""

    membership_id: int
    benefit: str
    currency: str
    month: date
    reserved_amount: Decimal = ZERO
    reserved_count: int = 0
    used_amount: Decimal = ZERO
    used_count: int = 0

    def plus(self, amount: Decimal, count: int, *, is_reserved: bool) -> "MonthlySum":
        """The same month after a reservation or a use; what was given back is negative."""
        reserved, used = (self.reserved_amount, self.reserved_count), (self.used_amount, self.used_count)
        if is_reserved:
            reserved = (reserved[0] + amount, reserved[1] + count)
        else:
            used = (used[0] + amount, used[1] + count)
        return MonthlySum(self.membership_id, self.benefit, self.currency, self.month, *reserved, *used)


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """An entry as limits count it. Its keys are empty where only its day matters."""

    member: int
    benefit: str
    currency: str
    day: date
    kind: str
    amount: Decimal
    count: int
    case: str = ""
    visit: str = ""
    pregnancy: str = ""


@dataclass(frozen=True)
class Usage:
    """The monthly balances and the few ledger lines that the scopes need."""

    months: tuple[MonthlySum, ...]
    lines: tuple[LedgerLine, ...]

    def taken(self, limit: Limit, scope: Scope) -> Taken:
        """The reserved and used amount of a yearly or lifetime limit, together."""
        return self.reserved(limit, scope) + self.used(limit, scope)

    def of_limit(self, limit: Limit, scope: Scope) -> LimitUsage:
        """The usage of a limit, for display."""
        reserved, used = self.reserved(limit, scope), self.used(limit, scope)
        of_measure = {
            "amount": (reserved.amount, used.amount),
            "count": (Decimal(reserved.count), Decimal(used.count)),
            "days": (Decimal(len(reserved.days - used.days)), Decimal(len(used.days))),
        }[limit.measure]
        return LimitUsage(*of_measure, left=left(limit, reserved + used))

    def reserved(self, limit: Limit, scope: Scope) -> Taken:
        """The reserved part of a limit."""
        return self._part(limit, scope, _RESERVED)

    def used(self, limit: Limit, scope: Scope) -> Taken:
        """The used part of a limit."""
        return self._part(limit, scope, _USED)

    def _part(self, limit: Limit, scope: Scope, signs: dict[str, int]) -> Taken:
        if limit.measure == "days":
            return self._days(limit, scope, signs)
        amount, count = ZERO, 0
        for row in self.months:
            if _counts(row.membership_id, row.benefit, row.currency, limit, scope) and (
                limit.per == "lifetime" or _is_whole(row.month, scope.year)
            ):
                amount += row.reserved_amount if signs is _RESERVED else row.used_amount
                count += row.reserved_count if signs is _RESERVED else row.used_count
        edges = _edges(scope.year) if limit.per == "year" else []
        for line in self._counted(limit, scope, signs) if edges else ():
            if any(line.day in edge for edge in edges):
                amount += line.amount * signs[line.kind]
                count += line.count * signs[line.kind]
        return Taken(amount, count).floored

    def _days(self, limit: Limit, scope: Scope, signs: dict[str, int]) -> Taken:
        """Limits in days count the days with usage, which only the ledger's lines say."""
        bucket = Bucket()
        for line in self._counted(limit, scope, signs):
            if limit.per == "lifetime" or line.day in scope.year:
                bucket.add(line.day, line.amount * signs[line.kind], line.count * signs[line.kind])
        return bucket.taken.floored

    def _counted(self, limit: Limit, scope: Scope, signs: dict[str, int]) -> Iterator[LedgerLine]:
        for line in self.lines:
            if line.kind in signs and _counts(line.member, line.benefit, line.currency, limit, scope):
                yield line


def read_usage(scopes: Sequence[Scope]) -> Usage:
    """The usage of the scopes' yearly and lifetime limits: at most two queries for any number of scopes."""
    members = {member for scope in scopes for member in scope.family}
    if not members:
        return Usage((), ())
    since = first_of_month(min(scope.year.first for scope in scopes))
    for_life = {benefit for scope in scopes for benefit in scope.kept_for_life}
    months = Balance.objects.filter(Q(month__gte=since) | Q(benefit__in=for_life), membership__in=members)
    sums = (MonthlySum(*row) for row in months.values_list(*MonthlySum._fields))
    return Usage(tuple(sums), tuple(_lines(scopes)))


def taken_by_key(limit: Limit, ask: Ask, scope: Scope) -> Taken:
    """What an ask's bucket has already taken of a limit per day, case, visit or pregnancy."""
    key = _key_of(limit, ask)
    if not key:
        return Taken()
    rows = Entry.objects.filter(membership__in=scope.members(limit), benefit__in=limit.benefits, **{limit.per: key})
    return sum_by_key(limit, ask, scope, (LedgerLine(*row) for row in rows.values_list(*LINE_FIELDS)))


def sum_by_key(limit: Limit, ask: Ask, scope: Scope, lines: Iterable[LedgerLine]) -> Taken:
    """The same from lines that were already read; others than those of the ask's bucket do not count."""
    key = _key_of(limit, ask)
    reserved, used = Bucket(), Bucket()
    for line in lines if key else ():
        if getattr(line, limit.per) == key and _counts(line.member, line.benefit, line.currency, limit, scope):
            bucket = reserved if line.kind in _RESERVED else used
            bucket.add(line.day, line.amount * SIGNS[line.kind], line.count * SIGNS[line.kind])
    return reserved.taken.floored + used.taken.floored


def _key_of(limit: Limit, ask: Ask) -> date | str | None:
    keys: dict[str, date | str] = {
        "day": ask.day,
        "case": ask.case,
        "visit": ask.visit,
        "pregnancy": ask.pregnancy,
    }
    return keys.get(limit.per)


def _lines(scopes: Iterable[Scope]) -> Iterator[LedgerLine]:
    """Ledger lines in months that are only partly in a scope's year, and lines of benefits with limits in days."""
    asked = Q()
    for scope in scopes:
        theirs = Q(membership__in=scope.family)
        for edge in _edges(scope.year):
            asked |= theirs & Q(day__range=(edge.first, edge.last))
        if scope.days_limited:
            days = theirs & Q(benefit__in=scope.days_limited)
            asked |= days if scope.days_limited & scope.kept_for_life else days & Q(day__range=_ends(scope.year))
    if asked:
        rows = Entry.objects.filter(asked).values_list(
            "membership_id", "benefit", "currency", "day", "kind", "amount", "count"
        )
        yield from (LedgerLine(*row) for row in rows)


def _edges(year: Span) -> list[Span]:
    """The days of a year that are in partial months."""
    if year.first.day == 1:
        return []
    next_month = first_of_month(first_of_month(year.first) + timedelta(days=32))
    return [Span(year.first, next_month - timedelta(days=1)), Span(first_of_month(year.last), year.last)]


@lru_cache(maxsize=4096)
def _is_whole(month: date, year: Span) -> bool:
    """Whether a month is entirely within a year. A year ends the day before its anniversary."""
    last = first_of_month(month + timedelta(days=32)) - timedelta(days=1)
    return month in year and last in year


def _counts(member: int, benefit: str, currency: str, limit: Limit, scope: Scope) -> bool:
    if benefit not in limit.benefits or currency != scope.plan.currency:
        return False
    return member in scope.family if limit.family else member == scope.own


def _ends(year: Span) -> tuple[date, date]:
    return year.first, year.last
