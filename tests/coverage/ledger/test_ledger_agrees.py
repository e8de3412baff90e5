"""The ledger in the database decides in the same way as the arithmetic on a plain list of lines."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mypolis.insurance.coverage.ledger.arithmetic import Ask, Bucket, Covered, Grant, Taken, grant, in_bucket, year_of
from mypolis.insurance.coverage.ledger.balance_check import verify
from mypolis.insurance.coverage.ledger.families import families_of
from mypolis.insurance.coverage.ledger.snapshot import Snapshot, Wanted
from mypolis.insurance.coverage.plan_books.plan import Limit, PlanDocument
from mypolis.insurance.coverage.plan_books.plan_lookup import plan_on, plans_on
from mypolis.membership.people.models import Membership
from tests.coverage.books import HEALTH, loaded
from tests.coverage.members import DAY, ask, insured, used

ANCHOR = date(2024, 3, 17)
KEYS = st.sampled_from(["", "A", "B"])
LINES = st.lists(
    st.fixed_dictionaries(
        {
            "who": st.integers(0, 1),
            "benefit": st.sampled_from(["doctor", "drugs", "room", "birth", "teeth"]),
            "amount": st.integers(0, 700),
            "count": st.integers(0, 2),
            "day": st.dates(date(2026, 2, 25), date(2026, 4, 3)) | st.dates(date(2025, 12, 28), date(2026, 1, 3)),
            "case": KEYS,
            "visit": KEYS,
            "pregnancy": KEYS,
        }
    ),
    max_size=9,
)


class PlainLedger:
    """A ledger that keeps all lines in a list and reads it for every request."""

    def __init__(self, plan: PlanDocument, anchor: date | None) -> None:
        self.plan, self.anchor = plan, anchor
        self.past: list[tuple[Ask, Grant]] = []

    def take(self, line: Ask) -> Grant:
        granted = self.decide(line, self._taken)
        self.past.append((line, granted))
        return granted

    def decide(self, line: Ask, taken: Callable[[Limit, Ask], Taken]) -> Grant:
        benefit = self.plan.benefit(line.benefit)
        assert benefit is not None
        covered = Covered(ANCHOR, None, benefit.waiting_days)
        return grant(line, self.plan.limits, lambda limit: taken(limit, line), covered)

    def _taken(self, limit: Limit, line: Ask) -> Taken:
        bucket = Bucket()
        for other, granted in self.past:
            if in_bucket(limit, line, other, year=year_of(line.day, self.anchor)):
                bucket.add(other.day, granted.amount, granted.count)
        return bucket.taken


def read_before(family: Sequence[Membership], lines: Sequence[dict[str, Any]]) -> Snapshot:
    """The ledger as it is before any of the lines; what they take is then counted on top."""
    days = frozenset(line.get("day", DAY) for line in lines)
    keys = frozenset({"A", "B"})
    wanted = [Wanted(one, days, cases=keys, visits=keys, pregnancies=keys) for one in family]
    return Snapshot.read(wanted, plans_on((one, day) for one in family for day in days), families_of(family))


@pytest.mark.django_db
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(lines=LINES, years=st.sampled_from(["calendar", "policy"]))
def test_the_database_decides_as_the_arithmetic_does(
    lines: Sequence[dict[str, Any]], years: str, tmp_path: Path
) -> None:
    with transaction.atomic():
        loaded(tmp_path, ((*HEALTH, "year"), years))
        family = [insured("Budi", family="E1"), insured("Siti", family="E1")]
        for one in family:
            one.policy.start = ANCHOR
            one.policy.save()
        plan = plan_on(family[0], DAY)
        assert plan is not None
        plain = PlainLedger(plan, ANCHOR if years == "policy" else None)
        snapshot = read_before(family, lines)
        for line in lines:
            asked = {name: value for name, value in line.items() if name != "who"}
            member = family[line["who"]]
            expected = plain.take(ask(member, **asked))
            entry = used(member, **asked).entry
            assert plain.decide(ask(member, **asked), snapshot.taken) == expected
            snapshot.add([entry])
            assert (entry.amount, entry.count, entry.cut_by) == (expected.amount, expected.count, expected.cut_by)
        assert verify() == 0
        transaction.set_rollback(True)
