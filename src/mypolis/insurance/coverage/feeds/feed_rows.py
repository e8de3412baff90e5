"""The rows of a feed: CSV or a spreadsheet with named columns, or one JSON object per line with the same names."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

from mypolis.foundation.lib.cells.cell import Cell, CellError, KnownText
from mypolis.foundation.lib.cells.cleaning import value_in
from mypolis.foundation.lib.cells.dates import Day, policy_day_in
from mypolis.foundation.lib.cells.numbers import amount_in, count_in, id_in
from mypolis.foundation.lib.cells.placeholders import is_placeholder_number
from mypolis.foundation.lib.tables.table_reader import TabularError, read_table
from mypolis.foundation.lib.text.folding import fold_reference
from mypolis.foundation.markets import Profile
from mypolis.insurance.coverage.feeds.duplicate_ids import without_conflicting_ids
from mypolis.insurance.coverage.feeds.list_columns import names_of
from mypolis.insurance.coverage.ledger.arithmetic import day_in
from mypolis.insurance.coverage.models import Entry
from mypolis.insurance.coverage.problems import Problem

MAX_BYTES = 2 * 1024**3
COLUMNS = [
    "id",
    "kind",
    "policy_type",
    "policy_number",
    "participant_number",
    "employee_number",
    "national_id",
    "benefit",
    "amount",
    "count",
    "currency",
    "date",
    "case",
    "visit",
    "pregnancy",
    "reservation",
]
_NUMBERS = frozenset({"participant_number", "employee_number", "national_id", "policy_number", "reservation", "id"})
_WORDS = frozenset({"kind", "policy_type", "benefit", "currency"})
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}\S*?(Z|[+-]\d{2}:?\d{2})", re.ASCII | re.IGNORECASE)
_MAX_LENGTH = 64
_MOST_COUNT = 10_000


@dataclass(frozen=True, kw_only=True)
class FeedRow:
    """One entry as the core system sent it; `line` is its line in the file."""

    line: int
    external_id: str
    kind: str
    policy_type: str
    policy_number: str
    participant_number: str
    employee_number: str
    national_id: str
    benefit: str
    amount: Decimal
    count: int
    currency: str
    day: date
    case: str
    visit: str
    pregnancy: str
    reservation: str

    @property
    def content(self) -> Self:
        """The row without its position and with normalized numbers, for comparison."""
        policy, participant = fold_reference(self.policy_number), fold_reference(self.participant_number)
        return replace(self, line=0, policy_number=policy, participant_number=participant)

    @classmethod
    def naming(cls, **named: str) -> Self:
        """A row that only identifies a member, by some of the identifying columns."""
        empty = dict.fromkeys(COLUMNS, "") | {"external_id": ""} | named
        words = {name: text for name, text in empty.items() if name not in ("id", "amount", "count", "date")}
        return cls(line=0, amount=Decimal(0), count=0, day=date.min, **words)


class WrongCell(ValueError):
    """A cell whose value cannot be used."""

    def __init__(self, column: str, code: str) -> None:
        super().__init__(code)
        self.column, self.code = column, code


def read_rows(path: Path, profile: Profile) -> Iterator[FeedRow | Problem]:
    """Every row of a feed, or its problem. Raises TabularError.

    If two different entries have the same id, both are refused, since we cannot know which one is correct.
    """
    return without_conflicting_ids(lambda: _checked_rows(_lines(path), profile))


def rows_of(entries: Iterable[object], profile: Profile) -> Iterator[FeedRow | Problem]:
    """The same for objects from a program, with numbers as they were written; the first is on line 1."""
    found = list(_checked_rows(((place, _cells_of(entry)) for place, entry in enumerate(entries, 1)), profile))
    return without_conflicting_ids(lambda: found)


def _checked_rows(lines: Iterable[tuple[int, dict[str, str] | str]], profile: Profile) -> Iterator[FeedRow | Problem]:
    for line, cells in lines:
        if isinstance(cells, str):
            yield Problem(line, "", cells)
            continue
        try:
            yield _row(line, cells, profile)
        except WrongCell as error:
            yield Problem(line, error.column, error.code)


def _lines(path: Path) -> Iterator[tuple[int, dict[str, str] | str]]:
    """Lines with their cells as text, or with an error."""
    if path.suffix in (".jsonl", ".ndjson"):
        yield from _json_lines(path)
        return
    table = read_table(path, max_bytes=MAX_BYTES)
    names = names_of(table.header, COLUMNS)
    for row in table.rows:
        yield row.line, row.problem or {names[title]: cell for title, cell in row.cells.items() if title in names}


def _json_lines(path: Path) -> Iterator[tuple[int, dict[str, str] | str]]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield number, _cells(line)
    except OSError:
        raise TabularError("unreadable") from None
    except UnicodeDecodeError:
        raise TabularError("not_utf8") from None


def as_written(text: str | bytes) -> Any:
    """Parse JSON but keep numbers as their original text. Raises ValueError, RecursionError."""
    return json.loads(text, parse_float=str, parse_int=str)


def _cells(line: str) -> dict[str, str] | str:
    try:
        return _cells_of(as_written(line))
    except (ValueError, RecursionError):
        return "bad_row"


def _cells_of(found: object) -> dict[str, str] | str:
    """The texts by column, or an error code."""
    if not isinstance(found, dict) or not all(value is None or isinstance(value, str) for value in found.values()):
        return "bad_row"
    try:
        names = names_of(tuple(found), COLUMNS)
    except TabularError:
        return "bad_row"
    return {names[name]: KnownText(value or "") for name, value in found.items() if name in names}


def _row(line: int, cells: dict[str, str], profile: Profile) -> FeedRow:
    texts = {column: text_in(cells, column) for column in COLUMNS if column not in ("amount", "count", "date")}
    if not texts["id"]:
        raise WrongCell("id", "bad_external_id")
    if texts["kind"] not in Entry.KINDS:
        raise WrongCell("kind", "bad_kind")
    amount = value_of(cells, "amount", amount_in)
    count = value_of(cells, "count", lambda cell: count_in(cell, most=_MOST_COUNT))
    if amount is None and count is None:
        raise WrongCell("amount", "nothing_said")
    return FeedRow(
        line=line,
        external_id=texts["id"],
        amount=amount or Decimal(0),
        count=count or 0,
        day=_day(cells, profile),
        currency=texts["currency"].upper(),
        **{name: texts[name] for name in COLUMNS if name not in ("id", "amount", "count", "date", "currency")},
    )


def value_of[T](cells: Mapping[str, str], column: str, reader: Callable[[str], T]) -> T:
    """A cell parsed by a reader of `lib.cells`; "" if the column is missing. Raises WrongCell."""
    try:
        return reader(cells.get(column, ""))
    except CellError as error:
        code = error.code
        if code in ("too_long", "not_text"):
            code = "bad_external_id" if column == "id" else "bad_reference"
        raise WrongCell(column, code) from None


def text_in(cells: Mapping[str, str], column: str) -> str:
    """A cell as one clean line: a word, or a number as the sheet shows it; a placeholder number becomes empty.

    Raises WrongCell.
    """
    if column in _WORDS:
        return value_of(cells, column, lambda cell: value_in(cell, max_length=_MAX_LENGTH))
    may_be_day = column not in _NUMBERS
    text = value_of(cells, column, lambda cell: id_in(cell, max_length=_MAX_LENGTH, may_be_day=may_be_day))
    return "" if column in _NUMBERS and is_placeholder_number(text) else text


def day_of(cells: Mapping[str, str], column: str) -> date | None:
    """A day, or None for an empty cell. A time of day or a program's null date is refused. Raises WrongCell."""
    found: Day = value_of(cells, column, policy_day_in)
    if found.note:
        raise WrongCell(column, "time_of_day" if found.note == "rounded_time" else "impossible_date")
    return found.day


def _day(cells: Mapping[str, str], profile: Profile) -> date:
    """The calendar day in the market: a date unchanged, or a moment converted to the market's time zone."""
    text = cells.get("date", "").strip()
    if isinstance(cells.get("date"), Cell) or not _MOMENT.fullmatch(text):
        found = day_of(cells, "date")
    else:
        try:
            found = day_in(datetime.fromisoformat(text.upper()), profile.zone)
        except (ValueError, OverflowError):
            raise WrongCell("date", "not_a_date") from None
        found = day_of({"date": found.isoformat()}, "date")
    if found is None:
        raise WrongCell("date", "not_a_date")
    return found
