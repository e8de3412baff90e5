"""Tables that people send: read as they are, row by row, with the line that each row begins on.

One bad row never hides a good one; a file that is no table is refused as a whole. What a file is, its content
says and not its name: a spreadsheet (XLSX, XLSM, XLS) or else CSV in UTF-8.
"""

from pathlib import Path

from mypolis.foundation.lib.tables.csv_table import read_csv
from mypolis.foundation.lib.tables.spreadsheet import SPREADSHEETS, read_spreadsheet
from mypolis.foundation.lib.tables.table import Row, Table, TabularError

__all__ = ["Row", "Table", "TabularError", "read_table"]


def read_table(path: Path, *, max_bytes: int) -> Table:
    """The table in the file; of a spreadsheet, the first sheet in sight that is not empty.

    Raises `TabularError` when there is none, or the file has more than `max_bytes` bytes. Going through the rows
    of a spreadsheet raises it too, should the reading end halfway.
    """
    try:
        with path.open("rb") as file:
            beginning = file.read(8)
        read = read_spreadsheet if beginning.startswith(SPREADSHEETS) else read_csv
        return read(path, max_bytes=max_bytes)
    except OSError:
        raise TabularError("unreadable") from None
