"""The core system's feed: in any order and repeatedly. Bad rows are reported, good rows are stored."""

import json
import random
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.foundation.lib.tables.table_reader import TabularError
from mypolis.insurance.coverage.feeds import feed
from mypolis.insurance.coverage.feeds.feed import FeedReport, load_feed
from mypolis.insurance.coverage.ledger.balance_check import verify
from mypolis.insurance.coverage.models import Balance, Entry, FeedLoad
from mypolis.membership.people.models import Membership
from tests.cast import AYU, JELENA, on_file
from tests.coverage.books import loaded
from tests.coverage.members import insured, used

pytestmark = pytest.mark.django_db
NAMES = "id,kind,policy_number,participant_number,benefit,amount,count,date,case,reservation"


@pytest.fixture
def budi(db: None, tmp_path: Path) -> Membership:
    """Budi, insured under Gold."""
    loaded(tmp_path)
    return insured()


def row(number: int, kind: str, amount: int = 0, **more: Any) -> dict[str, Any]:
    """A feed row about Budi's drugs."""
    about = {"policy_number": "GRP-88", "participant_number": "000123", "benefit": "drugs", "date": "2026-03-05"}
    return {"id": f"core-{number}", "kind": kind, "amount": str(amount), **about, **more}


def fed(folder: Path, *rows: Any, market: str = "id", **more: Any) -> FeedReport:
    path = folder / "feed.jsonl"
    path.write_text("\n".join(one if isinstance(one, str) else json.dumps(one) for one in rows))
    return load_feed(market=market, path=path, by=SYSTEM, **more)


def problems_of(report: FeedReport) -> list[tuple[int, str, str]]:
    assert all(problem.message for problem in report.errors)
    return [(problem.line, problem.place, problem.code) for problem in report.errors]


def balances() -> list[tuple[Any, ...]]:
    names = ("benefit", "month", "reserved_amount", "reserved_count", "used_amount", "used_count")
    return sorted(Balance.objects.values_list(*names))


def test_entries_are_taken_as_the_core_system_decided_be_it_over_a_limit(budi: Membership, tmp_path: Path) -> None:
    report = fed(tmp_path, row(1, "use", 900), row(2, "reserve", 300))
    assert (report.rows, report.taken, report.repeated, report.refused) == (2, 2, 0, 0)
    assert [int(entry.amount) for entry in Entry.objects.order_by("pk")] == [900, 300]
    assert used(budi, "drugs", 1).entry.amount == 0, "the portal grants nothing over what is overdrawn"


def test_a_feed_again_changes_nothing(budi: Membership, tmp_path: Path) -> None:
    rows = [row(1, "reserve", 300), row(2, "release", 300, reservation="core-1"), row(3, "use", 250)]
    fed(tmp_path, *rows)
    before = balances()
    report = fed(tmp_path, *rows, rows[0])
    assert (report.rows, report.taken, report.repeated, report.refused) == (4, 0, 4, 0)
    assert balances() == before
    assert FeedLoad.objects.count() == Event.objects.filter(kind="cover.feed_loaded").count() == 2


ENTRIES = st.lists(
    st.tuples(st.sampled_from(Entry.KINDS), st.integers(0, 500), st.integers(0, 3), st.sampled_from(["drugs", "room"])),
    min_size=1,
    max_size=8,
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(entries=ENTRIES, seed=st.integers(0, 10**6))
def test_a_feed_in_any_order_and_in_any_pieces_comes_to_the_same(
    entries: list[tuple[str, int, int, str]], seed: int, budi: Membership, tmp_path: Path, django_db_blocker: Any
) -> None:
    rows = [
        row(number, kind, amount, count=count, benefit=benefit, date=f"2026-0{1 + number % 3}-05")
        for number, (kind, amount, count, benefit) in enumerate(entries)
    ]
    shuffled = rows + rows[: seed % 4]
    random.Random(seed).shuffle(shuffled)
    found = []
    for pieces in ([rows], [shuffled[: seed % 5], shuffled[seed % 5 :]]):
        clear()
        for piece in pieces:
            fed(tmp_path, *piece)
        found.append(balances())
        assert verify() == 0
    assert found[0] == found[1]


def clear() -> None:
    """Empty the ledger. Only TRUNCATE can do that."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE coverage_entry, coverage_balance")


def test_a_release_that_comes_before_its_reservation_gives_nobody_more(budi: Membership, tmp_path: Path) -> None:
    fed(tmp_path, row(1, "use", 600), row(3, "release", 200, reservation="core-2"))
    assert used(budi, "drugs", 100).entry.amount == 0
    fed(tmp_path, row(2, "reserve", 200))
    assert used(budi, "drugs", 100).entry.amount == 0


BAD: dict[str, tuple[Any, str, str]] = {
    "no JSON": ("{", "", "bad_row"),
    "a list": ("[1]", "", "bad_row"),
    "a thing in a cell": (row(9, "use", 5, case={"a": 1}), "", "bad_row"),
    "no id": (row(9, "use", 5, id=""), "id", "bad_external_id"),
    "an endless id": (row(9, "use", 5, id="x" * 65), "id", "bad_external_id"),
    "a NUL in the case": (row(9, "use", 5, case="a\0b"), "case", "bad_reference"),
    "an unknown kind": (row(9, "spend", 5), "kind", "bad_kind"),
    "a negative sum": (row(9, "use", -5), "amount", "bad_amount"),
    "a sum of three decimals": (row(9, "use", amount="1.005"), "amount", "bad_amount"),
    "a number that JSON has not": ('{"id": Infinity}', "", "bad_row"),
    "a day before all days": (row(9, "use", 5, date="0001-01-01T00:00:00+14:00"), "date", "not_a_date"),
    "no number": (row(9, "use", amount="NaN"), "amount", "bad_amount"),
    "an endless sum": (row(9, "use", amount="1e30"), "amount", "bad_amount"),
    "half a count": (row(9, "use", 5, count="1.5"), "count", "bad_count"),
    "neither sum nor count": (row(9, "use", amount="", count=""), "amount", "nothing_said"),
    "no date": (row(9, "use", 5, date="soon"), "date", "not_a_date"),
    "an unknown policy": (row(9, "use", 5, policy_number="GRP-9"), "policy_number", "unknown_policy"),
    "an unknown member": (row(9, "use", 5, participant_number="9"), "participant_number", "unknown_member"),
    "nobody named among several": (row(9, "use", 5, participant_number=""), "policy_number", "ambiguous_member"),
    "an unknown benefit": (row(9, "use", 5, benefit="spa"), "benefit", "not_in_plan"),
    "another currency": (row(9, "use", 5, currency="EUR"), "currency", "other_currency"),
    "a member without a plan": (row(9, "use", 5, participant_number="000124"), "benefit", "no_plan"),
    "a day before any version": (row(9, "use", 5, date="2019-12-31"), "benefit", "no_plan"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_row_is_refused_and_its_neighbours_are_kept_for(what: str, budi: Membership, tmp_path: Path) -> None:
    insured("Siti", plan="Diamond")
    bad, place, code = BAD[what]
    report = fed(tmp_path, row(1, "use", 100), bad, row(2, "use", 50))
    assert problems_of(report) == [(2, place, code)]
    assert (report.rows, report.taken, report.refused) == (3, 2, 1)
    assert Balance.objects.get().used_amount == 150
    assert verify() == 0


def test_a_csv_is_read_by_its_named_columns(budi: Membership, tmp_path: Path) -> None:
    path = tmp_path / "feed.csv"
    path.write_text(f"{NAMES}\nc1,use,GRP-88,000123,drugs,120.50,1,2026-03-05,C1,\nc2,use,GRP-88,000123,drugs,x,,,,\n")
    report = load_feed(market="id", path=path, by=SYSTEM)
    assert (report.taken, problems_of(report)) == (1, [(3, "amount", "bad_amount")])
    assert str(Entry.objects.get().amount) == "120.50"


def test_a_file_that_is_no_table_is_refused_as_a_whole(tmp_path: Path, db: None) -> None:
    (tmp_path / "feed.csv").write_bytes(b"")
    with pytest.raises(TabularError):
        load_feed(market="id", path=tmp_path / "feed.csv", by=SYSTEM)
    with pytest.raises(TabularError):
        load_feed(market="id", path=tmp_path / "nothing.jsonl", by=SYSTEM)


def test_a_moment_falls_on_the_day_of_the_markets_clocks(budi: Membership, tmp_path: Path) -> None:
    fed(tmp_path, row(1, "use", 5, date="2026-12-31T18:30:00Z"), row(2, "use", 5, date="2026-12-31T18:30:00+07:00"))
    assert [entry.day for entry in Entry.objects.order_by("pk")] == [date(2027, 1, 1), date(2026, 12, 31)]


def test_the_only_member_of_a_policy_need_not_be_named(budi: Membership, tmp_path: Path) -> None:
    ayu = insured("Ayu", somebody=AYU)
    report = fed(tmp_path, row(1, "use", 5, policy_number=AYU.policy_number, participant_number=""))
    assert (report.errors, Entry.objects.get().membership_id) == ([], ayu.pk)


def test_an_employee_is_meant_by_the_number_that_relatives_share(budi: Membership, tmp_path: Path) -> None:
    siti, child = insured("Siti", family="E7"), insured("Agus", family="E7")
    Membership.objects.filter(pk=child.pk).update(relation="child")
    report = fed(tmp_path, row(1, "use", 5, participant_number="", employee_number="E7"))
    assert (report.errors, Entry.objects.get().membership_id) == ([], siti.pk)


def test_a_member_may_be_named_by_the_national_number(tmp_path: Path, db: None) -> None:
    jelena = on_file(JELENA).memberships.get()
    row_of_jelena = row(1, "use", 5, policy_number="RS-2001", participant_number="", national_id=JELENA.national_id)
    assert problems_of(fed(tmp_path, row_of_jelena, market="rs")) == [(1, "benefit", "no_plan")], (
        "found, but without a plan"
    )
    wrong = row_of_jelena | {"national_id": "2206978816007"}
    assert problems_of(fed(tmp_path, wrong, market="rs")) == [(1, "national_id", "unknown_member")]
    assert jelena.pk


def test_when_the_core_system_knew_it_is_kept(budi: Membership, tmp_path: Path) -> None:
    moment = datetime(2026, 3, 5, 23, tzinfo=UTC)
    fed(tmp_path, row(1, "use", 5), as_of=moment)
    assert FeedLoad.objects.get().as_of == moment


def test_a_long_feed_asks_per_batch_and_not_per_row(
    budi: Membership, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    monkeypatch.setattr(feed, "BATCH", 50)
    rows = [row(number, "use", 1, date=f"2026-03-{1 + number % 28:02}") for number in range(200)]
    with django_assert_max_num_queries(4 * 14):
        assert fed(tmp_path, *rows).taken == 200
    assert Balance.objects.get().used_amount == 200
