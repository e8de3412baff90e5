"""Tables in text files: CSV in UTF-8, separated by commas, semicolons, tabs or vertical bars.

A first line `sep=;`, which tells spreadsheets the separator, is not the header.
"""

import codecs
import csv
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from mypolis.foundation.lib.tables.table import Table, TabularError, table_of

_CHUNK = 1 << 20
_DELIMITERS = ",;\t|"
_HINT = re.compile(r'"?sep\s*=\s*"?([,;\t|]|\\t)"?[,;\t|]*\s*', re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"?')
# A quoted cell longer than this is a quote that somebody forgot to close.
_LINES_PER_ROW = 50
_BINARY = (b"%PDF", b"\x1f\x8b", b"{\\rtf")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_csv(path: Path, *, max_bytes: int) -> Table:
    """Read the table in the text file. Raises `TabularError`, or OSError."""
    _check_content(path, max_bytes)
    lines = _lines(path)
    first, skipped = _first_line(lines)
    hint = _HINT.fullmatch(first)
    if hint:
        first, more = _first_line(lines)
        skipped += 1 + more
    delimiter = hint[1].replace("\\t", "\t") if hint else max(_DELIMITERS, key=_QUOTED.sub("", first).count)
    return table_of(_records(lines, delimiter, pending=deque([first]), number=skipped))


def _check_content(path: Path, max_bytes: int) -> None:
    """Check the whole file first, so that it is never refused after rows were returned."""
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


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from file


def _first_line(lines: Iterator[str]) -> tuple[str, int]:
    """Return the first line that is not blank, and how many lines came before it."""
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
            # An unclosed quote swallows the good rows after it: return them and continue with the next line.
            pending.extendleft(reversed(taken[1:]))
            yield number + 1, None
            number += 1
            continue
        yield number + 1, cells
        number += len(taken)


def _feed(lines: Iterator[str], pending: deque[str], taken: list[str]) -> Iterator[str]:
    """Yield the lines of one record and add them to `taken`. Lines in `pending` come first."""
    while len(taken) < _LINES_PER_ROW:
        line = pending.popleft() if pending else next(lines, None)
        if line is None:
            return
        taken.append(line)
        yield line
