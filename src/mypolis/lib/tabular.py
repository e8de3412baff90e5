"""Tables that people send: read as they are, row by row, with the line that each row begins on.

One bad row never hides a good one; a file that is no table is refused as a whole, before the first row is
given out. Only CSV in UTF-8 is read; `read_table` is the door that will tell the other kinds apart by their
content.
"""

import codecs
import csv
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TabularCode = Literal["empty", "too_large", "not_text", "not_utf8", "no_header", "doubled_column", "unreadable"]
Problem = Literal["too_many_cells", "broken_quotes"]

_CHUNK = 1 << 20
_DELIMITERS = ",;\t|"
_QUOTED = re.compile(r'"[^"]*"?')
# A quoted cell longer than this is a quote that somebody forgot to close.
_LINES_PER_ROW = 50
_BINARY = (b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"{\\rtf")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

_MESSAGES: dict[TabularCode, Promise] = {
    "empty": _("The file is empty."),
    "too_large": _("The file is too large."),
    "not_text": _("This is not a text file. Please save the table as “CSV UTF-8” and send it again."),
    "not_utf8": _("The text is not in UTF-8. Please save the table as “CSV UTF-8” and send it again."),
    "no_header": _("The first line must name every column."),
    "doubled_column": _("Two columns have the same name."),
    "unreadable": _("The file cannot be read."),
}


class TabularError(ValueError):
    """The file is no table that can be read.

    `code` is for programs, `message` (lazily translated) for people.
    """

    def __init__(self, code: TabularCode) -> None:
        super().__init__(code)
        self.code = code
        self.message = _MESSAGES[code]


@dataclass(frozen=True, slots=True)
class Row:
    """A row: the line it begins on (a header on top is 1), its cells as typed by column name, what is wrong.

    A row with "broken_quotes" has no cells, one with "too_many_cells" those that fit. Missing cells are "".
    """

    line: int
    cells: dict[str, str]
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Column names as typed (trimmed), and the rows, which can be gone through once.

    Blank rows are left out.
    """

    header: tuple[str, ...]
    rows: Iterator[Row]


def read_table(path: Path, *, max_bytes: int) -> Table:
    """The table in the file.

    Raises `TabularError` when there is none, or the file has more than `max_bytes` bytes.
    """
    try:
        _check_content(path, max_bytes)
        return _read_csv(path)
    except OSError:
        raise TabularError("unreadable") from None


def _check_content(path: Path, max_bytes: int) -> None:
    """Go through the whole file once, so that rows are never followed by a refusal."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    size = 0
    blank = True
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if size == 0:
                _check_beginning(chunk)
            size += len(chunk)
            if size > max_bytes:
                raise TabularError("too_large")
            if b"\0" in chunk:
                raise TabularError("not_text")
            blank = blank and not chunk.removeprefix(codecs.BOM_UTF8).strip()
            try:
                decoder.decode(chunk, final=len(chunk) < _CHUNK)
            except UnicodeDecodeError:
                raise TabularError("not_utf8") from None
    if blank:
        raise TabularError("empty")


def _check_beginning(chunk: bytes) -> None:
    if chunk.startswith(_UTF16):
        raise TabularError("not_utf8")
    if chunk.startswith(_BINARY):
        raise TabularError("not_text")


def _read_csv(path: Path) -> Table:
    lines = _lines(path)
    first, skipped = _first_line(lines)
    delimiter = max(_DELIMITERS, key=_QUOTED.sub("", first).count)
    records = _records(lines, delimiter, pending=deque([first]), number=skipped)
    _line, names = next(records)
    header = tuple(name.strip() for name in names or ())
    while header and not header[-1]:
        header = header[:-1]
    if not all(header) or not header:
        raise TabularError("no_header")
    if max(Counter(header).values()) > 1:
        raise TabularError("doubled_column")
    rows = (_row(line, cells, header) for line, cells in records if cells is None or any(map(str.strip, cells)))
    return Table(header, rows)


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from file


def _first_line(lines: Iterator[str]) -> tuple[str, int]:
    """The first line with anything on it, and how many came before."""
    for skipped, line in enumerate(lines):
        if line.strip():
            return line, skipped
    raise TabularError("empty")


def _records(
    lines: Iterator[str], delimiter: str, *, pending: deque[str], number: int
) -> Iterator[tuple[int, list[str] | None]]:
    """Each record with the line it begins on, None where its quotes are broken.

    `number` lines came before.
    """
    while True:
        taken: list[str] = []
        try:
            cells = next(csv.reader(_feed(lines, pending, taken), delimiter=delimiter, strict=True))
        except StopIteration:
            return
        except csv.Error:
            # A quote left open swallows the good rows that follow: give them back and go on with the next
            # line.
            pending.extendleft(reversed(taken[1:]))
            yield number + 1, None
            number += 1
            continue
        yield number + 1, cells
        number += len(taken)


def _feed(lines: Iterator[str], pending: deque[str], taken: list[str]) -> Iterator[str]:
    """Lines for one record, noted in `taken`; those given back earlier first."""
    while len(taken) < _LINES_PER_ROW:
        line = pending.popleft() if pending else next(lines, None)
        if line is None:
            return
        taken.append(line)
        yield line


def _row(line: int, cells: list[str] | None, header: tuple[str, ...]) -> Row:
    if cells is None:
        return Row(line, {}, "broken_quotes")
    surplus = cells[len(header) :]
    padded = cells + [""] * (len(header) - len(cells))
    problem: Problem | None = "too_many_cells" if any(map(str.strip, surplus)) else None
    return Row(line, dict(zip(header, padded, strict=False)), problem)
