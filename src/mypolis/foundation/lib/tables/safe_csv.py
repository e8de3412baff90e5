"""CSV that people open in a spreadsheet program: no cell is read as a formula.

A spreadsheet program computes cells that begin with certain characters, even quoted ones, and a formula can send the
sheet elsewhere. Such texts get an apostrophe (OWASP, "CSV Injection"; ASVS 5.0, 1.2.10). For banks and other programs
an apostrophe would be part of the text: do not use this for them.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from io import StringIO

type Cell = str | int | Decimal | None

FORMULA_STARTS = frozenset("=+-@\t\r\n\0＝＋－＠")
"""A text that begins with one of these may be computed. Some programs read the wide forms as the narrow ones."""

BYTE_ORDER_MARK = "\ufeff"


def safe_cell(cell: Cell) -> str:
    """Return the text of a cell. Texts that could be formulas begin with an apostrophe; numbers stay numbers."""
    if cell is None:
        return ""
    if isinstance(cell, int | Decimal):
        return str(cell)
    clean = cell.replace("\0", "")
    return f"'{clean}" if cell[:1] in FORMULA_STARTS and cell else clean


def csv_lines(rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Yield the lines of a CSV file, each with its line end, all cells quoted. The first has a mark for UTF-8."""
    start = BYTE_ORDER_MARK
    for row in rows:
        line = StringIO()
        csv.writer(line, quoting=csv.QUOTE_ALL).writerow([safe_cell(cell) for cell in row])
        yield start + line.getvalue()
        start = ""
