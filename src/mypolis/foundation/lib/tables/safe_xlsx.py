"""XLSX files for people. Texts are stored as texts, so no cell is read as a formula or a link."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from mypolis.foundation.lib.tables.safe_csv import Cell

_LONGEST = 32_767  # characters that a cell can have
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAME = 31  # characters that the name of a sheet can have
_WIDEST = 400  # pixels of a column; longer texts run on to the right
_DAY = {"num_format": "yyyy-mm-dd"}
_NOTHING_IS_GUESSED = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

type Sheet = tuple[str, Sequence[Sequence[Cell | date]]]  # its name, and its rows


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """Return a workbook with these sheets: numbers are numbers, days are days, and columns as wide as their texts.

    Names must differ within 31 characters, whatever their case.
    """
    content = BytesIO()
    with Workbook(content, dict(_NOTHING_IS_GUESSED)) as book:
        day = book.add_format(_DAY)
        for name, rows in sheets:
            sheet = book.add_worksheet("".join(" " if sign in "[]:*?/\\'" else sign for sign in name)[:_NAME])
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    _write(sheet, number, column, cell, day)
            sheet.autofit(_WIDEST)
    return content.getvalue()


def _write(sheet: Worksheet, row: int, column: int, cell: Cell | date, day: Format) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, int | Decimal):
        sheet.write_number(row, column, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, day)
    else:
        sheet.write_string(row, column, _NOT_IN_XML.sub("\ufffd", cell)[:_LONGEST])
