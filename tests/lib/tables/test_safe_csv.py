"""CSV for people: nothing in it is a formula, and everything can be read back."""

import csv
from decimal import Decimal
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.lib.tables.safe_csv import BYTE_ORDER_MARK, FORMULA_STARTS, csv_lines, safe_cell

CELLS = st.one_of(st.none(), st.integers(), st.decimals(allow_nan=False, allow_infinity=False), st.text())


def read(lines: str) -> list[list[str]]:
    return list(csv.reader(StringIO(lines.removeprefix(BYTE_ORDER_MARK), newline="")))


def test_a_formula_becomes_a_text() -> None:
    for start in sorted(FORMULA_STARTS):
        assert safe_cell(f"{start}1+1").startswith("'"), start


def test_numbers_stay_numbers() -> None:
    assert [safe_cell(cell) for cell in (-5, Decimal("-1.50"), None)] == ["-5", "-1.50", ""]


@given(text=st.sampled_from(sorted(FORMULA_STARTS)).flatmap(lambda start: st.text().map(start.__add__)))
def test_no_text_that_begins_like_a_formula_stays_as_it_is(text: str) -> None:
    assert safe_cell(text)[0] == "'"
    assert "\0" not in safe_cell(text)


@given(rows=st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=5))
def test_every_row_is_read_back(rows: list[list[str | int | Decimal | None]]) -> None:
    assert read("".join(csv_lines(rows))) == [[safe_cell(cell) for cell in row] for row in rows]
