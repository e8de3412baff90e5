"""The demo's plan books load without a finding, and every sample person has a plan in them."""

import pytest

from mypolis.demo.samples.cover import BOOKS
from mypolis.demo.seed import seed
from mypolis.foundation.events import SYSTEM
from mypolis.foundation.markets import market
from mypolis.insurance.coverage.ledger.balance_check import verify
from mypolis.insurance.coverage.models import Balance, Entry, Plan, PlanVersion
from mypolis.insurance.coverage.plan_books.loading import load_book, unknown_plans

MARKETS = ("rs", "id", "ru")


@pytest.mark.parametrize("code", MARKETS)
def test_a_book_loads_and_loading_it_again_changes_nothing(code: str, db: None) -> None:
    report = load_book(market=code, book=BOOKS / f"{code}.yaml", by=SYSTEM)
    assert len(report.new) == Plan.objects.filter(market=code).count() >= 3
    again = load_book(market=code, book=BOOKS / f"{code}.yaml", by=SYSTEM)
    assert (again.new, again.changed, again.unchanged) == ([], [], report.new)
    assert PlanVersion.objects.count() == len(report.new)


def test_every_sample_person_has_a_plan_that_a_book_knows_and_some_have_used_it(db: None) -> None:
    seed()
    assert [list(unknown_plans(market(code))) for code in MARKETS] == [[], [], []]
    assert {entry["market"] for entry in Entry.objects.values("market")} == set(MARKETS)
    assert Balance.objects.exists()
    assert verify() == 0
