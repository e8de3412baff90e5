"""Reads the bank's results: a table (CSV or XLSX) with the columns reference, state, date and code.

Other columns are ignored. `docs/guides/payments.md` describes them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Final, Literal

from mypolis.foundation.lib.cells.cell import CellError
from mypolis.foundation.lib.cells.cleaning import value_in
from mypolis.foundation.lib.cells.dates import policy_day_in
from mypolis.foundation.lib.tables.table import Row
from mypolis.foundation.lib.tables.table_reader import read_table
from mypolis.insurance.claims.core_system.reports import is_payment_reason

MOST_BYTES: Final = 5_000_000
MOST_ROWS: Final = 20_000
NEEDED: Final = ("reference", "state", "date")
_LONGEST: Final = 64

type PaidOrFailed = Literal["paid", "failed"]
type LineProblem = Literal[
    "broken_row",
    "no_reference",
    "unknown_state",
    "no_date",
    "no_code",
    "unknown_code",
    "repeated",
    "contradicting",
]


class UnusableResults(ValueError):
    """The file has no results that can be read; the message says why, for whoever sent it."""


@dataclass(frozen=True)
class Result:
    """What the bank says about a reference on one line of the file. `day` is the bank's; `code` says why it failed."""

    line: int
    reference: str
    state: PaidOrFailed
    day: date
    code: str = ""

    @property
    def says(self) -> tuple[str, date, str]:
        """State, day and code: what two lines about a reference can contradict each other in."""
        return self.state, self.day, self.code


@dataclass(frozen=True)
class BadLine:
    """A line of the file that says nothing we can use. `reference` is as typed, if it could be read."""

    line: int
    reference: str
    problem: LineProblem


def read_results(path: Path) -> list[Result | BadLine]:
    """Each line of the file, in its order. Lines that contradict each other are all bad; a repeated line counts once.

    Raises UnusableResults, and `TabularError` if it is no table.
    """
    table = read_table(path, max_bytes=MOST_BYTES)
    columns = {name.casefold(): name for name in table.header}
    if missing := [name for name in NEEDED if name not in columns]:
        raise UnusableResults(f"the file has no column {', '.join(missing)}")
    rows = list(islice(table.rows, MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise UnusableResults(f"the file has more than {MOST_ROWS} lines")
    return _without_contradictions([_read(row, columns) for row in rows])


def _read(row: Row, columns: dict[str, str]) -> Result | BadLine:
    if row.problem is not None:
        return BadLine(row.line, "", "broken_row")
    reference = _text(row, columns, "reference").upper()
    if not reference:
        return BadLine(row.line, "", "no_reference")
    state, code = _text(row, columns, "state").casefold(), _text(row, columns, "code").casefold()
    if state not in ("paid", "failed"):
        return BadLine(row.line, reference, "unknown_state")
    day = _day(row.cells[columns["date"]])
    if day is None:
        return BadLine(row.line, reference, "no_date")
    if state == "paid":
        return Result(row.line, reference, "paid", day)
    if not code:
        return BadLine(row.line, reference, "no_code")
    if not is_payment_reason(code):
        return BadLine(row.line, reference, "unknown_code")
    return Result(row.line, reference, "failed", day, code)


def _text(row: Row, columns: dict[str, str], name: str) -> str:
    """The cell as text; empty if it is missing, or cannot be meant."""
    if name not in columns:
        return ""
    try:
        return value_in(row.cells[columns[name]], max_length=_LONGEST)
    except CellError:
        return ""


def _day(cell: str) -> date | None:
    try:
        return policy_day_in(cell).day
    except CellError:
        return None


def _without_contradictions(found: Iterable[Result | BadLine]) -> list[Result | BadLine]:
    read = list(found)
    said: dict[str, set[tuple[str, date, str]]] = defaultdict(set)
    for one in read:
        if isinstance(one, Result):
            said[one.reference].add(one.says)
    return list(_judged(read, said))


def _judged(read: list[Result | BadLine], said: dict[str, set[tuple[str, date, str]]]) -> Iterator[Result | BadLine]:
    known: set[str] = set()
    for one in read:
        if isinstance(one, BadLine):
            yield one
        elif len(said[one.reference]) > 1:
            yield BadLine(one.line, one.reference, "contradicting")
        elif one.reference in known:
            yield BadLine(one.line, one.reference, "repeated")
        else:
            known.add(one.reference)
            yield one
