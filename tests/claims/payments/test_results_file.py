"""A file of the bank's results is read line by line: bad lines are named, and good ones count."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.lib.tables.table import TabularError
from mypolis.insurance.claims.payments import results_file
from mypolis.insurance.claims.payments.results_file import BadLine, Result, UnusableResults, read_results
from tests.lib.tables.sheets import DATE, number, texts, xlsx

HEADER = "reference,state,date,code"
DAY = date(2026, 11, 30)
ONE = "C-2026-000001-1-1"
REFERENCES = [f"C-2026-{number:06}-1-1" for number in range(4)]


def read(folder: Path, *lines: str, header: str = HEADER) -> list[Result | BadLine]:
    path = folder / "results.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return read_results(path)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (f'"{ONE},paid,2026-11-30', "broken_row"),
        (f"{ONE},paid,2026-11-30,,more", "broken_row"),
        (",paid,2026-11-30,", "no_reference"),
        (f"{'C' * 65},paid,2026-11-30,", "no_reference"),
        ("=1+1,paid,2026-11-30,", "no_reference"),
        (f"{ONE},,2026-11-30,", "unknown_state"),
        (f"{ONE},rejected,2026-11-30,account_wrong", "unknown_state"),
        (f"{ONE},paid,,", "no_date"),
        (f"{ONE},paid,11/30/2026,", "no_date"),
        (f"{ONE},paid,30 Nov,", "no_date"),
        (f"{ONE},failed,2026-11-30,", "no_code"),
        (f"{ONE},failed,2026-11-30,AC01", "unknown_code"),
        (f"{ONE},failed,2026-11-30,copayment", "unknown_code"),
    ],
)
def test_a_bad_line_is_named_and_the_next_one_is_read(tmp_path: Path, line: str, problem: str) -> None:
    found = read(tmp_path, line, f"{REFERENCES[3]},paid,2026-11-30,")
    bad, good = found[0], found[-1]
    assert isinstance(bad, BadLine)
    assert (bad.line, bad.problem) == (2, problem)
    assert good == Result(3, REFERENCES[3], "paid", DAY)


def test_lines_that_contradict_each_other_all_say_nothing(tmp_path: Path) -> None:
    found = read(tmp_path, f"{ONE},paid,2026-11-30,", f"{ONE},failed,2026-11-30,account_wrong")
    assert found == [BadLine(2, ONE, "contradicting"), BadLine(3, ONE, "contradicting")]


def test_two_days_for_a_payment_contradict_each_other_too(tmp_path: Path) -> None:
    found = read(tmp_path, f"{ONE},paid,2026-11-29,", f"{ONE},paid,2026-11-30,")
    assert {type(one) for one in found} == {BadLine}


def test_a_line_that_is_repeated_counts_once(tmp_path: Path) -> None:
    found = read(tmp_path, f"{ONE},paid,2026-11-30,", f" {ONE.lower()} ,PAID,30.11.2026,")
    assert found == [Result(2, ONE, "paid", DAY), BadLine(3, ONE, "repeated")]


@pytest.mark.parametrize("header", ["reference,state", "ref,state,date", "reference;date"])
def test_a_file_without_the_columns_is_refused(tmp_path: Path, header: str) -> None:
    with pytest.raises(UnusableResults, match="no column"):
        read(tmp_path, f"{ONE},paid", header=header)


def test_a_file_that_is_no_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "results.csv"
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(TabularError):
        read_results(path)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results_file, "MOST_ROWS", 1)
    with pytest.raises(UnusableResults, match="more than 1 lines"):
        read(tmp_path, f"{ONE},paid,2026-11-30,", f"{REFERENCES[2]},paid,2026-11-30,")
    monkeypatch.setattr(results_file, "MOST_BYTES", 10)
    with pytest.raises(TabularError):
        read(tmp_path, f"{ONE},paid,2026-11-30,")


def test_columns_may_come_in_any_order_with_others_between(tmp_path: Path) -> None:
    found = read(tmp_path, f"30.11.2026;x;account_closed;{ONE};failed", header="Date;Branch;Code;Reference;State")
    assert found == [Result(2, ONE, "failed", DAY, "account_closed")]


def test_a_spreadsheet_is_read_as_well(tmp_path: Path) -> None:
    day = str((DAY - date(1899, 12, 30)).days)
    rows = {1: texts(1, *HEADER.split(",")), 2: texts(2, ONE, "paid") + number("C2", day, DATE)}
    (tmp_path / "results.xlsx").write_bytes(xlsx(rows))
    assert read_results(tmp_path / "results.xlsx") == [Result(2, ONE, "paid", DAY)]


LINES = st.lists(
    st.tuples(st.sampled_from(REFERENCES), st.sampled_from(["paid", "failed"]), st.dates(DAY.replace(day=28), DAY)),
    max_size=8,
)


@given(lines=LINES)
def test_each_reference_counts_at_most_once_and_only_if_all_its_lines_agree(
    tmp_path_factory: pytest.TempPathFactory, lines: list[tuple[str, str, date]]
) -> None:
    text = [f"{one},{state},{day},{'account_wrong' if state == 'failed' else ''}" for one, state, day in lines]
    found = read(tmp_path_factory.mktemp("results"), *text)
    assert [one.line for one in found] == list(range(2, len(lines) + 2))
    taken = [(one.reference, one.state, one.day) for one in found if isinstance(one, Result)]
    agreed = [one for one in dict.fromkeys(lines) if len({line for line in lines if line[0] == one[0]}) == 1]
    assert taken == agreed


@given(content=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"{HEADER}\n{text}".encode()))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("results") / "results.csv"
    path.write_bytes(content)
    try:
        found = read_results(path)
    except (TabularError, UnusableResults):
        return
    assert all(isinstance(one, Result | BadLine) for one in found)
