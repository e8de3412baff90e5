"""Feeds of any size need few queries per batch, use the indexes, and keep bad rows within a fixed memory."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.markets import market
from mypolis.insurance.coverage.feeds import feed
from mypolis.insurance.coverage.feeds.feed_rows import FeedRow
from mypolis.insurance.coverage.feeds.member_lookup import MemberFinder
from mypolis.insurance.coverage.models import Entry
from mypolis.insurance.coverage.problems import Problem
from mypolis.membership.people.models import Membership
from tests.cast import AYU
from tests.coverage.books import loaded
from tests.coverage.feeds.test_feed import fed, row
from tests.coverage.members import insured
from tests.coverage.test_cover_commands import run

pytestmark = pytest.mark.django_db


@pytest.fixture
def budi(db: None, tmp_path: Path) -> Membership:
    """Budi, insured under Gold."""
    loaded(tmp_path)
    return insured()


def alone(count: int) -> list[Membership]:
    """People who each have a policy of their own."""
    return [insured(f"Ayu{n}", somebody=AYU.but(policy_number=f"IND-{n}", email=f"a{n}@x.test")) for n in range(count)]


def queries_to_find(rows: list[FeedRow]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        finder = MemberFinder(rows, market("id"))
        found = [finder.find(row) for row in rows]
        assert [one.policy.number for one in found if isinstance(one, Membership)]
    return len(asked)


def test_finding_members_takes_as_many_queries_for_many_rows_as_for_one(budi: Membership) -> None:
    people = alone(12)
    unnamed = [FeedRow.naming(policy_number=one.policy.number) for one in people]
    numbered = [FeedRow.naming(policy_number="GRP-88", participant_number=budi.participant_number)] * 9
    few, many = (queries_to_find(rows) for rows in (unnamed[:1] + numbered[:1], unnamed + numbered))
    assert few == many <= 6


def test_a_row_that_names_nobody_means_the_only_person_on_the_policy(budi: Membership) -> None:
    (ayu,) = alone(1)
    insured("Siti"), insured("Agus")
    rows = [FeedRow.naming(policy_number=number) for number in (ayu.policy.number, "GRP-88", "none")]
    finder = MemberFinder(rows, market("id"))
    found = [finder.find(row) for row in rows]
    assert found[0] == ayu
    assert [one.code for one in found if isinstance(one, Problem)] == ["ambiguous_member", "unknown_policy"]


def test_a_batch_of_a_feed_takes_as_many_queries_whatever_its_rows(budi: Membership, tmp_path: Path) -> None:
    people = alone(8)
    rows = [row(n, "use", 1, policy_number=p.policy.number, participant_number="") for n, p in enumerate(people)]
    counts = []
    for piece in (rows[:1], rows[1:], rows[:1], rows):
        with CaptureQueriesContext(connection) as asked:
            fed(tmp_path, *piece)
        counts.append(len(asked))
    assert counts[0] == counts[1], "new rows"
    assert counts[2] == counts[3], "rows that are known"


def test_entries_are_looked_up_by_market_and_id_as_the_index_has_them(budi: Membership, tmp_path: Path) -> None:
    fed(tmp_path, row(1, "use", 5))
    with CaptureQueriesContext(connection) as asked:
        fed(tmp_path, row(1, "use", 5))
    by_id = [query["sql"] for query in asked if '"external_id" IN' in query["sql"]]
    assert by_id
    assert all('"market" =' in sql for sql in by_id)


def test_the_same_id_in_another_market_is_another_entry(budi: Membership, tmp_path: Path) -> None:
    fed(tmp_path, row(1, "use", 5))
    other = Entry.objects.get()
    other.pk, other.market, other.amount = None, "rs", 7
    other.save(force_insert=True)
    report = fed(tmp_path, row(1, "use", 5))
    assert (report.repeated, report.refused) == (1, 0)


@pytest.mark.parametrize("changed", [{"reservation": "core-9"}, {"amount": "6"}, {"case": "C2"}, {"kind": "reverse"}])
def test_an_id_with_anything_else_in_its_row_is_refused(
    budi: Membership, tmp_path: Path, changed: dict[str, str]
) -> None:
    first = row(1, "use", 5)
    fed(tmp_path, first)
    report = fed(tmp_path, first | changed)
    assert (report.repeated, [problem.code for problem in report.errors]) == (0, ["id_reused"])


def test_of_many_bad_rows_some_are_kept_and_all_are_counted(budi: Membership, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(feed, "MOST_KEPT", 5)
    monkeypatch.setattr(feed, "BATCH", 4)
    report = fed(tmp_path, *["nonsense"] * 11, row(1, "use", 5))
    assert (report.rows, report.taken, report.refused) == (12, 1, 11)
    assert [problem.line for problem in report.errors] == [1, 2, 3, 4, 5]
    assert report.as_json()["more_errors"] == 6


def test_a_hundred_thousand_bad_rows_leave_no_more_in_memory_than_a_thousand(budi: Membership, tmp_path: Path) -> None:
    heard = []

    def lines() -> Iterator[Problem]:
        yield from (Problem(line, "id", "bad_external_id") for line in range(1, 100_001))

    report = feed.FeedReport(
        on_problem=lambda problem: heard.append(problem.line) if problem.line % 10_000 == 0 else None
    )
    feed._take_all(lines(), market("id"), report, by=SYSTEM)
    assert (report.refused, len(report.errors), report.more_errors) == (100_000, feed.MOST_KEPT, 99_000)
    assert heard == list(range(10_000, 100_001, 10_000))


@pytest.mark.parametrize("command", ["feed", "payments"])
def test_the_command_prints_every_bad_row_and_keeps_few(
    budi: Membership, tmp_path: Path, monkeypatch: Any, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    monkeypatch.setattr(feed, "MOST_KEPT", 2)
    path = tmp_path / "list.csv"
    path.write_text("id,amount,currency,due\n" + "".join(f"n{n},x,IDR,2026-01-01\n" for n in range(4)))
    assert run(command, str(path), "--market", "id", "--json") == 1
    printed = capsys.readouterr()
    output = json.loads(printed.out)
    assert (output["refused"], len(output["errors"]), output["more_errors"]) == (4, 2, 2)
    assert [line for line in printed.err.splitlines() if "list.csv:" in line][-1].split(":")[1] == "5"
