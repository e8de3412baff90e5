"""Tables in spreadsheets, read by a process of their own.

Two cells far apart in a file of a kilobyte make the reading library ask for half a terabyte and abort. So
`sheet_reader.py` opens what strangers send: without our environment, with bounded memory and time, and when
it falls, only the file is refused.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from mypolis.foundation.lib.cells.cell import Cell, KnownText
from mypolis.foundation.lib.tables.table import Table, TabularCode, TabularError, table_of

SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")

_READER = Path(__file__).with_name("sheet_reader.py")


def read_spreadsheet(path: Path, *, max_bytes: int) -> Table:
    """The first sheet in sight that is not empty; raises `TabularError`, or OSError."""
    if path.stat().st_size > max_bytes:
        raise TabularError("too_large")
    return table_of(_records(path))


def _records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank: its line and its cells."""
    with path.open("rb") as file:
        reader = subprocess.Popen(  # noqa: S603 - our own program, no shell
            [sys.executable, "-I", str(_READER)],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # its backtraces could hold what the cells hold
            env={},
        )
    with reader:
        try:
            yield from _received(reader)
        finally:
            reader.kill()


def _received(reader: subprocess.Popen[bytes]) -> Iterator[tuple[int, list[str]]]:
    """The reader's rows; it closes with how it went, and says nothing more when its limits have stopped it."""
    for text in reader.stdout or ():
        said = json.loads(text)
        if isinstance(said, list):
            yield said[0], [KnownText(cell) if isinstance(cell, str) else Cell(*cell) for cell in said[1]]
        elif said == "end":
            return
        else:
            raise TabularError(cast("TabularCode", said))
    if reader.wait() < 0:
        raise TabularError("too_large_inside")
    raise RuntimeError("the reader of spreadsheets does not start")
