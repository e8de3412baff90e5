"""The usage of some families, read once for many asks. What is decided afterwards counts on top of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

from django.db.models import Q

from mypolis.insurance.coverage.ledger.arithmetic import Ask, Taken
from mypolis.insurance.coverage.ledger.entries import year_for_day
from mypolis.insurance.coverage.ledger.usage import (
    LINE_FIELDS,
    LedgerLine,
    MonthlySum,
    Scope,
    Usage,
    read_usage,
    sum_by_key,
)
from mypolis.insurance.coverage.models import Entry, first_of_month
from mypolis.insurance.coverage.plan_books.plan import Limit, PlanDocument
from mypolis.membership.people.models import Membership

type Plans = Mapping[tuple[int, date], PlanDocument]
"""Plans by membership key and day."""
type _Place = tuple[int, str]  # a membership's key and a benefit
type _Month = tuple[str, date]  # a currency and a month


@dataclass(frozen=True)
class Wanted:
    """What will be asked for a membership: its benefits on days, with these cases, visits and pregnancies."""

    membership: Membership
    days: frozenset[date]
    cases: frozenset[str] = frozenset()
    visits: frozenset[str] = frozenset()
    pregnancies: frozenset[str] = frozenset()


class Snapshot:
    """The reserved and used amounts of families at one moment, for the plans and days that were wanted."""

    def __init__(self, scopes: Mapping[tuple[int, date], Scope]) -> None:
        self._scopes = scopes
        self._months: dict[_Place, dict[_Month, MonthlySum]] = defaultdict(dict)
        self._lines: dict[_Place, list[LedgerLine]] = defaultdict(list)
        self._keyed: dict[_Place, list[LedgerLine]] = defaultdict(list)

    @classmethod
    def read(cls, wanted: Iterable[Wanted], plans: Plans, families: Mapping[int, frozenset[int]]) -> Self:
        """Read everything in at most four queries. `families` is from `families_of`; the policies must be loaded."""
        asked = list(wanted)
        snapshot = cls(_scopes(asked, plans, families))
        usage = read_usage(list({id(scope): scope for scope in snapshot._scopes.values()}.values()))
        for row in usage.months:
            snapshot._months[row.membership_id, row.benefit][row.currency, row.month] = row
        for line in usage.lines:
            snapshot._lines[line.member, line.benefit].append(line)
        for line in _keyed_lines(asked, snapshot._scopes.values()):
            snapshot._keyed[line.member, line.benefit].append(line)
        return snapshot

    def taken(self, limit: Limit, ask: Ask) -> Taken:
        """What a limit's bucket for an ask contains."""
        scope = self._scopes[ask.member, ask.day]
        places = [(member, benefit) for member in scope.members(limit) for benefit in limit.benefits]
        if limit.per not in ("year", "lifetime"):
            return sum_by_key(limit, ask, scope, (line for place in places for line in self._keyed.get(place, ())))
        months = tuple(row for place in places for row in self._months.get(place, {}).values())
        lines = tuple(line for place in places for line in self._lines.get(place, ()))
        return Usage(months, lines).taken(limit, scope)

    def add(self, entries: Iterable[Entry]) -> None:
        """Count entries that were written since, or are about to be."""
        for entry in entries:
            member, kind = entry.membership_id, entry.kind
            line = LedgerLine(*(getattr(entry, name) for name in LINE_FIELDS))
            place = (member, entry.benefit)
            self._keyed[place].append(line)
            self._lines[place].append(line)
            sign = 1 if kind in (Entry.RESERVE, Entry.USE) else -1
            month = (entry.currency, first_of_month(entry.day))
            known = self._months[place].get(month) or MonthlySum(member, entry.benefit, *month)
            self._months[place][month] = known.plus(
                sign * entry.amount, sign * entry.count, is_reserved=kind in (Entry.RESERVE, Entry.RELEASE)
            )


def _scopes(
    wanted: Iterable[Wanted], plans: Plans, families: Mapping[int, frozenset[int]]
) -> dict[tuple[int, date], Scope]:
    """The scope of each day that has a plan; days of the same plan and year share one."""
    scopes: dict[tuple[int, date], Scope] = {}
    shared: dict[tuple[int, int, date], Scope] = {}
    for one in wanted:
        own = one.membership.pk
        for day in one.days:
            plan = plans.get((own, day))
            if plan is not None:
                year = year_for_day(plan, one.membership, day)
                key = (own, id(plan), year.first)
                scopes[own, day] = shared.setdefault(key, Scope(plan, own, families[own], year))
    return scopes


def _keyed_lines(wanted: Iterable[Wanted], scopes: Iterable[Scope]) -> Iterable[LedgerLine]:
    """Ledger lines of the wanted days, cases, visits and pregnancies, if any plan limits something by them."""
    rows = list(wanted)
    bases = {limit.per for plan in {id(one.plan): one.plan for one in scopes}.values() for limit in plan.limits}
    members = {member for scope in scopes for member in scope.family}
    keys: dict[str, set[date] | set[str]] = {
        "day": {day for one in rows for day in one.days},
        "case": {key for one in rows for key in one.cases if key},
        "visit": {key for one in rows for key in one.visits if key},
        "pregnancy": {key for one in rows for key in one.pregnancies if key},
    }
    asked = Q()
    for name, values in keys.items():
        if name in bases and values:
            asked |= Q(**{f"{name}__in": values})
    if not asked:
        return ()
    found = Entry.objects.filter(asked, membership__in=members)
    return [LedgerLine(*row) for row in found.values_list(*LINE_FIELDS)]
