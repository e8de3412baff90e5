"""Reads tables in spreadsheets, in a separate process.

With two cells far apart, a file of one kilobyte makes the library request half a terabyte of memory and abort. So
`sheet_reader.py` opens files from strangers in its own process, without our environment and with limited memory and
time. If it crashes, only the file is refused.
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
    """Read the first visible sheet that is not empty. Raises `TabularError`, or OSError."""
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
    """Yield the reader's rows. Its last line is the result; that line is missing if a limit stopped the process."""
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
