"""`mypolis roster`: exit codes and output."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mypolis.membership.roster.commands import add_parser

type Write = Callable[[str], str]

HEADER = "policy_number,surname,given_name,birth_date\n"
GOOD = "1,Семёнов,Пётр,1979-11-02\n"
BAD = "1,Соколова,Анна,never\n"


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    parsed = parser.parse_args(["roster", *arguments])
    code = parsed.run(parsed)
    assert isinstance(code, int)
    return code


@pytest.fixture
def write(tmp_path: Path, db: None) -> Write:
    def write(text: str) -> str:
        path = tmp_path / "list.csv"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def test_a_market_that_is_not_served_is_a_mistake_of_use(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("load", write(HEADER + GOOD), "--market", "xx") == 2
    assert "rs, id, ru" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str], db: None) -> None:
    assert run("load", "/nowhere/list.csv", "--market", "ru", "--json") == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out)["error"]["code"] == "unreadable"
    assert "cannot be read" in printed.err


def test_a_refused_row_makes_the_exit_code_1(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("load", write(HEADER + GOOD + BAD), "--market", "ru", "--employer", "r", "--json") == 1
    report = json.loads(capsys.readouterr().out)
    assert report["errors"] == [
        {
            "row": 3,
            "column": "birth_date",
            "code": "not_a_date",
            "message": "This is not a date. Write it as 1990-12-31 or 31.12.1990.",
        }
    ]
    assert {name: report[name] for name in ("rows", "loaded", "updated", "unchanged", "rejected")} == {
        "rows": 2,
        "loaded": 1,
        "updated": 0,
        "unchanged": 0,
        "rejected": 1,
    }
    assert report["invitations"] == {"sent": 0, "withheld": [{"row": 2, "reason": "no_email"}]}


def test_a_good_list_is_0_and_a_dry_run_keeps_no_report(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(HEADER + GOOD)
    assert run("load", path, "--market", "ru", "--dry-run", "--json") == 0
    assert json.loads(capsys.readouterr().out)["id"] is None
    assert run("load", path, "--market", "ru") == 0
    assert "New: 1" in capsys.readouterr().out


def test_a_report_can_be_read_again(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    run("load", write(HEADER + GOOD + BAD), "--market", "ru", "--json")
    first = json.loads(capsys.readouterr().out)
    assert run("report", str(first["id"]), "--json") == 0
    assert json.loads(capsys.readouterr().out) == first
    assert run("report", str(first["id"])) == 0
    assert "row 3, birth_date" in capsys.readouterr().out


def test_an_unknown_report_is_told(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("report", "99999999") == 1
    assert "no such report" in capsys.readouterr().err
