"""The rows of a feed: CSV or a spreadsheet with named columns, or one JSON object a line with the same names."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Self

from mypolis.coverage.arithmetic import day_in
from mypolis.coverage.models import Entry
from mypolis.coverage.problems import Problem
from mypolis.lib.clean_text import UnsafeText, clean_line
from mypolis.lib.tabular import TabularError, read_table
from mypolis.markets import Profile

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
_MOST = Decimal("999999999999.99")
_MOST_COUNT = 10_000


@dataclass(frozen=True, kw_only=True)
class FeedRow:
    """One entry as the core system tells it; `line` is where it stands in the file."""

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

    @classmethod
    def naming(cls, **named: str) -> Self:
        """A row that only names a member, by some of the columns that do."""
        empty = dict.fromkeys(COLUMNS, "") | {"external_id": ""} | named
        words = {name: text for name, text in empty.items() if name not in ("id", "amount", "count", "date")}
        return cls(line=0, amount=Decimal(0), count=0, day=date.min, **words)


class WrongCell(ValueError):
    """A cell that cannot be used."""

    def __init__(self, column: str, code: str) -> None:
        super().__init__(code)
        self.column, self.code = column, code


def read_rows(path: Path, profile: Profile) -> Iterator[FeedRow | Problem]:
    """Every row of a feed, or what is wrong with it. Raises TabularError."""
    return _judged(_lines(path), profile)


def rows_of(entries: Iterable[object], profile: Profile) -> Iterator[FeedRow | Problem]:
    """The same of objects that a program sent, numbers in them as they were written; the first is on line 1."""
    return _judged(((place, _cells_of(entry)) for place, entry in enumerate(entries, 1)), profile)


def _judged(lines: Iterable[tuple[int, dict[str, str] | str]], profile: Profile) -> Iterator[FeedRow | Problem]:
    for line, cells in lines:
        if isinstance(cells, str):
            yield Problem(line, "", cells)
            continue
        try:
            yield _row(line, cells, profile)
        except WrongCell as error:
            yield Problem(line, error.column, error.code)


def _lines(path: Path) -> Iterator[tuple[int, dict[str, str] | str]]:
    """Lines with their cells as text, or with what is wrong."""
    if path.suffix in (".jsonl", ".ndjson"):
        yield from _json_lines(path)
        return
    for row in read_table(path, max_bytes=MAX_BYTES).rows:
        yield row.line, row.problem or {name.lower(): cell for name, cell in row.cells.items()}


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
    """What JSON says, with numbers as the texts that they were written as. Raises ValueError, RecursionError."""
    return json.loads(text, parse_float=str, parse_int=str)


def _cells(line: str) -> dict[str, str] | str:
    try:
        return _cells_of(as_written(line))
    except (ValueError, RecursionError):
        return "bad_row"


def _cells_of(found: object) -> dict[str, str] | str:
    """Texts by column."""
    if not isinstance(found, dict) or not all(value is None or isinstance(value, str) for value in found.values()):
        return "bad_row"
    return {name: value or "" for name, value in found.items()}


def _row(line: int, cells: dict[str, str], profile: Profile) -> FeedRow:
    texts = {column: text_in(cells, column) for column in COLUMNS}
    if not texts["id"]:
        raise WrongCell("id", "bad_external_id")
    if texts["kind"] not in Entry.KINDS:
        raise WrongCell("kind", "bad_kind")
    if not (texts["amount"] or texts["count"]):
        raise WrongCell("amount", "nothing_said")
    return FeedRow(
        line=line,
        external_id=texts["id"],
        amount=amount_in(texts["amount"]),
        count=_count(texts["count"]),
        day=_day(texts["date"], profile),
        currency=texts["currency"].upper(),
        **{name: texts[name] for name in COLUMNS if name not in ("id", "amount", "count", "date", "currency")},
    )


def text_in(cells: Mapping[str, str], column: str) -> str:
    """A cell as one clean line; empty where the column is not there. Raises WrongCell."""
    try:
        return clean_line(cells.get(column, ""), max_length=64)
    except UnsafeText:
        raise WrongCell(column, "bad_external_id" if column == "id" else "bad_reference") from None


def amount_in(text: str) -> Decimal:
    """An amount from zero on with at most two decimals. Raises WrongCell."""
    try:
        amount = Decimal(text or "0")
    except InvalidOperation:
        raise WrongCell("amount", "bad_amount") from None
    if not amount.is_finite() or not 0 <= amount <= _MOST or amount != amount.quantize(Decimal("0.01")):
        raise WrongCell("amount", "bad_amount")
    return amount


def _count(text: str) -> int:
    if not text:
        return 0
    if not text.isascii() or not text.isdigit() or int(text) > _MOST_COUNT:
        raise WrongCell("count", "bad_count")
    return int(text)


def _day(text: str, profile: Profile) -> date:
    """The calendar day in the market: of a date as it is, of a moment as the market's clocks show it."""
    try:
        if len(text) <= len("2026-12-31"):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
        return day_in(moment, profile.zone) if moment.tzinfo else moment.date()
    except (ValueError, OverflowError):
        raise WrongCell("date", "not_a_date") from None
