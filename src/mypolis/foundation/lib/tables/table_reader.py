"""Reads the tables that people send, row by row, with the line number of each row.

A bad row does not affect good rows; a file that is not a table is refused. The content of the file decides its type,
not the name: a spreadsheet (XLSX, XLSM, XLS), else CSV in UTF-8.
"""

from pathlib import Path

from mypolis.foundation.lib.tables.csv_table import read_csv
from mypolis.foundation.lib.tables.spreadsheet import SPREADSHEETS, read_spreadsheet
from mypolis.foundation.lib.tables.table import Row, Table, TabularError

__all__ = ["Row", "Table", "TabularError", "read_table"]


def read_table(path: Path, *, max_bytes: int) -> Table:
    """Return the table in the file; of a spreadsheet, the first visible sheet that is not empty.

    Raises `TabularError` if there is none, or if the file has more than `max_bytes` bytes. Iterating over the rows of a
    spreadsheet raises it too, if reading fails halfway.
    """
    try:
        with path.open("rb") as file:
            beginning = file.read(8)
        read = read_spreadsheet if beginning.startswith(SPREADSHEETS) else read_csv
        return read(path, max_bytes=max_bytes)
    except OSError:
        raise TabularError("unreadable") from None
