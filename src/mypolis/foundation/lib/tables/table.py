"""The classes for a table and its errors, shared by text files and spreadsheets."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.lib.cells.cleaning import unguarded

TabularCode = Literal[
    "empty",
    "too_large",
    "too_large_inside",
    "not_text",
    "not_utf8",
    "protected",
    "damaged",
    "failed_formulas",
    "no_header",
    "doubled_column",
    "unclear_column",
    "unreadable",
]
Problem = Literal["too_many_cells", "broken_quotes"]

_MESSAGES: dict[TabularCode, Promise] = {
    "empty": _("The file is empty."),
    "too_large": _("The file is too large."),
    "too_large_inside": _("The table would be too large once the file is unpacked."),
    "not_text": _("This is not a table. Please save it as XLSX or as “CSV UTF-8” and send it again."),
    "not_utf8": _("The text is not in UTF-8. Please save the table as “CSV UTF-8” and send it again."),
    "protected": _("The file is protected by a password. Please save it without one and send it again."),
    "damaged": _("The spreadsheet is damaged. Please open it, save it as XLSX and send it again."),
    "failed_formulas": _(
        "A formula in this file has no result. Please save it as XLSX, which shows in which cell, and send it again."
    ),
    "no_header": _("The first line must name every column."),
    "doubled_column": _("Two columns have the same name."),
    "unclear_column": _("A column’s title is similar to a known one. Use the exact title, or remove the column."),
    "unreadable": _("The file cannot be read."),
}


class TabularError(ValueError):
    """The file cannot be read as a table.

    `code` is for programs, `message` (lazily translated) for people.
    """

    def __init__(self, code: TabularCode) -> None:
        super().__init__(code)
        self.code = code
        self.message = _MESSAGES[code]


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its line number (a header at the top is 1), its cells as typed by column name, and its error.

    A row with "broken_quotes" has no cells; one with "too_many_cells" has those that fit. Missing cells are "".
    """

    line: int
    cells: dict[str, str]
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The column names as typed (trimmed), and the rows, which can be iterated once.

    Blank rows are left out.
    """

    header: tuple[str, ...]
    rows: Iterator[Row]


def table_of(records: Iterator[tuple[int, list[str] | None]]) -> Table:
    """Build a table; the first record is the header. A record is a line number and cells, None for broken quotes.

    Raises `TabularError` "empty", "no_header" or "doubled_column".
    """
    first = next(records, None)
    if first is None:
        raise TabularError("empty")
    header = tuple(unguarded(name).strip() for name in first[1] or ())
    while header and not header[-1]:
        header = header[:-1]
    if not all(header) or not header:
        raise TabularError("no_header")
    if max(Counter(header).values()) > 1:
        raise TabularError("doubled_column")
    rows = (_row(line, cells, header) for line, cells in records if cells is None or any(map(str.strip, cells)))
    return Table(header, rows)


def _row(line: int, cells: list[str] | None, header: tuple[str, ...]) -> Row:
    if cells is None:
        return Row(line, {}, "broken_quotes")
    surplus = cells[len(header) :]
    padded = cells + [""] * (len(header) - len(cells))
    problem: Problem | None = "too_many_cells" if any(map(str.strip, surplus)) else None
    return Row(line, dict(zip(header, padded, strict=False)), problem)
