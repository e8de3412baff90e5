"""`mypolis cover`: exit codes, and what goes to stdout and stderr."""

import argparse
import json
from pathlib import Path

import pytest

from mypolis.insurance.coverage.commands import add_parser
from mypolis.insurance.coverage.models import Balance, FeedLoad
from tests.coverage.books import GOLD, book, written
from tests.coverage.members import insured, used

pytestmark = pytest.mark.django_db
ROW = '{"id":"%s","kind":"use","policy_number":"GRP-88","benefit":"drugs","amount":%s,"date":"2026-03-05"}'


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    parsed = parser.parse_args(["cover", *arguments])
    code = parsed.run(parsed)
    assert isinstance(code, int)
    return code


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return written(tmp_path / "book.json", book())


def test_loading_tells_what_became_of_the_plans(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    insured(plan="Diamond")
    assert run("load", str(path), "--market", "id") == 0
    printed = capsys.readouterr().out
    assert "New: 2, changed: 0, unchanged: 0, from 2020-01-01." in printed
    assert "1 members of type group have a plan that is in no book: Diamond" in printed
    assert run("load", str(path), "--market", "id", "--dry-run", "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["unchanged"] == ["health/gold", "health/bare"]
    assert report["unknown"] == [{"policy_type": "group", "plan": "Diamond", "members": 1}]


def test_a_refused_book_is_told_with_file_line_place_and_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path / "bad.json", book(((*GOLD, "limits", 0, "amount"), -5)))
    assert run("load", str(path), "--market", "id", "--json") == 1
    printed = capsys.readouterr()
    (error,) = json.loads(printed.out)["errors"]
    assert (error["code"], error["place"]) == ("negative", "products.health.plans.gold.limits.0.amount")
    assert printed.err.strip() == f"{path}:{error['line']}: {error['place']}: This must not be negative."
    assert "-5" in path.read_text().splitlines()[error["line"] - 1]


@pytest.mark.parametrize("command", ["load", "feed"])
def test_a_market_that_is_not_served_is_a_mistake_of_use(
    command: str, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command, str(path), "--market", "xx", "--json") == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "unknown_market"


def test_a_feed_tells_its_rows_and_a_bad_one_makes_the_exit_code_1(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    insured()
    run("load", str(path), "--market", "id")
    feed = tmp_path / "feed.jsonl"
    feed.write_text(f"{ROW % ('a', 5)}\n{ROW % ('b', -5)}\n")
    capsys.readouterr()
    assert run("feed", str(feed), "--market", "id", "--as-of", "2026-03-06T01:00:00+07:00") == 1
    printed = capsys.readouterr()
    assert printed.out == "Rows: 2. Taken: 1, known: 0, refused: 1.\n"
    assert printed.err.startswith(f"{feed}:2: amount: The amount must be a number")
    assert FeedLoad.objects.get().as_of.isoformat() == "2026-03-05T18:00:00+00:00"
    feed.write_text(ROW % ("a", 5))
    assert run("feed", str(feed), "--market", "id", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"rows": 1, "taken": 0, "repeated": 1, "refused": 0, "errors": []}


def test_a_feed_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("feed", "/nowhere/feed.csv", "--market", "id", "--json") == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "unreadable"


@pytest.mark.parametrize("moment", ["soon", "2026-03-06T01:00:00"])
def test_a_time_without_its_zone_is_a_mistake_of_use(moment: str, path: Path) -> None:
    with pytest.raises(SystemExit) as error:
        run("feed", str(path), "--market", "id", "--as-of", moment)
    assert error.value.code == 2


def test_verify_says_whether_the_balances_hold(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("load", str(path), "--market", "id")
    used(insured(), "drugs", 5)
    assert run("verify") == 0
    Balance.objects.update(used_amount=6)
    assert run("verify") == 1
    assert run("verify", "--mend") == 0
    assert run("verify") == 0
    lines = capsys.readouterr().out.splitlines()[-4:]
    assert lines == [f"Balances that differ from the ledger: {end}." for end in ("0", "2", "2 (mended)", "0")]


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("schema") == 0
    assert json.loads(capsys.readouterr().out)["title"] == "MyPolis plan book"
