"""A program that reads one spreadsheet from standard input and writes JSON lines to standard output.

Each row that is not blank is `[line, [cell, ...]]`. The last line is "end", or the code of the error that ended the
reading. A text cell is its text; any other cell is `[text, kind, value, number format]`, as in `cells/cell.py`. Only
`spreadsheet.py` runs this program. It imports nothing from our package.
"""

import html
import json
import mmap
import re
import resource
import secrets
import sys
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import BinaryIO

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

MEMORY_BYTES = 1 << 30
PROCESSOR_SECONDS = 120

MAX_PARTS = 2_000
MAX_UNPACKED_BYTES = 200_000_000
MAX_RATIO = 100
# Spreadsheets round numbers of this size and above.
EXACT_BELOW = 1e15

ZIP = b"PK\x03\x04"
WORKBOOK = b"xl/workbook.xml"
OLD_WORKBOOK = "Workbook".encode("utf-16-le")
# An encrypted XLSX has a stream with this name; an encrypted XLS begins with a FILEPASS record.
PROTECTED = re.compile(
    re.escape("EncryptedPackage\0".encode("utf-16-le")) + rb"|\x09\x08\x10\x00.{16}(?:\x86\x00\x00\x00)?\x2f\x00",
    re.DOTALL,
)

# In XLS: a cell with an error (BOOLERR), or a formula whose last result is an error (FORMULA).
OLD_ERROR_CELL = re.compile(
    rb"\x05\x02\x08\x00.{6}[\x00\x07\x0f\x17\x1d\x24\x2a]\x01"
    rb"|\x06\x00.{8}\x02.[\x00\x07\x0f\x17\x1d\x24\x2a].{3}\xff\xff",
    re.DOTALL,
)
ERROR_CELL = re.compile(rb"""(<(?:\w+:)?c\s[^<>]*?\bt=)(["'])e\2""")
FORMULA_CELL = re.compile(
    rb"<(?P<p>(?:\w+:)?)c(?P<attributes>\s[^<>]*)?>\s*"
    rb"(?:<(?P=p)f\b[^<>]*/>|<(?P=p)f\b[^<>]*>[^<]*</(?P=p)f>)\s*"
    rb"(?:<(?P=p)v\s*/>|<(?P=p)v>\s*</(?P=p)v>)?\s*</(?P=p)c>"
)
TYPE = re.compile(rb"""\st=(["'])(\w+)\1""")

# Number formats in XLSX: the built-in ones are not in the file; the workbook's own are.
BUILT_IN_FORMATS = {
    **{1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??"},
    **{37: "#,##0 ;(#,##0)", 38: "#,##0 ;(#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;(#,##0.00)"},
    **dict.fromkeys((41, 42), "#,##0"),
    **dict.fromkeys((43, 44), "#,##0.00"),
    48: "##0.0E+0",
}
PLAIN_FORMATS = frozenset({"", "general", "@"})
OWN_FORMAT = re.compile(rb"""<(?:\w+:)?numFmt\s(?:[^<>"']|"[^"]*"|'[^']*')*>""")
FORMAT_ID = re.compile(rb"""\bnumFmtId=["'](\d{1,6})["']""")
FORMAT_CODE = re.compile(rb"""\bformatCode=("[^"]*"|'[^']*')""")
STYLES = re.compile(rb"<(?P<p>(?:\w+:)?)cellXfs\b[^<>]*>(.*?)</(?P=p)cellXfs>", re.DOTALL)
STYLE = re.compile(rb"<(?:\w+:)?xf\b[^<>]*>")
# The parts of a format that are not digits: brackets, quoted and escaped text, padding.
BESIDE = re.compile(r"""\[[^\]]*\]|"[^"]*"|[\\_*].""", re.DOTALL)
DATE_LETTERS = re.compile("[ymdhs]", re.IGNORECASE)
# We replace some numbers by a text: this mark, the style, the number.
MARK = secrets.token_hex(8)
# In XLS: the records of a workbook's own formats (FORMAT), and formats that show more than the number.
OLD_FORMAT = re.compile(rb"\x1e\x04..[^\x00].(.)\x00([\x00\x01])", re.DOTALL)
PADDING = re.compile(r"""(?<![0#.,])00|"[^"]*\w[^"]*"|\\\w""")

type Cell = str | tuple[str, str, str, str | None]


class RefusedError(Exception):
    """The file is not a table. The text is a code of `TabularError`."""


def main() -> None:
    """Write the rows of the file on standard input, and then the result."""
    limit(resource.RLIMIT_CORE, 0)  # no core dump with cells if the library aborts
    limit(resource.RLIMIT_AS, MEMORY_BYTES)
    limit(resource.RLIMIT_CPU, PROCESSOR_SECONDS)
    try:
        for row in rows(sys.stdin.buffer):
            write_line(row)
        write_line("end")
    except RefusedError as refused:
        write_line(str(refused))
    except MemoryError:
        write_line("too_large_inside")
    except BaseException:  # a panic inside the library is not an Exception
        write_line("damaged")


def limit(what: int, most: int) -> None:
    """Set a resource limit of this process; a lower hard limit stays."""
    _, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))


def write_line(value: object) -> None:
    """Write one line of the output."""
    sys.stdout.write(json.dumps(value) + "\n")


def rows(file: BinaryIO) -> Iterator[tuple[int, list[Cell]]]:
    """Yield line numbers and cells of the first visible sheet that is not empty. Raises `RefusedError`."""
    book, formats = open_book(file)
    with book:
        for number, about in enumerate(book.sheets_metadata):
            if about.typ != SheetTypeEnum.WorkSheet or about.visible != SheetVisibleEnum.Visible:
                continue
            found = None
            for found in rows_of(book.get_sheet_by_index(number), formats):
                yield found
            if found:
                return
    raise RefusedError("empty")


def rows_of(sheet: CalamineSheet, formats: dict[int, str] | None) -> Iterator[tuple[int, list[Cell]]]:
    """Yield the rows that are not blank, from the first column that is not blank, without blank cells at the end."""
    merged, header = None, 0
    for line, row in enumerate(sheet.iter_rows(), start=1):
        cells = trimmed([cell_of(cell, formats) for cell in row])
        if not cells:
            continue
        header = header or line
        merged = merged or Merged(sheet, header)
        yield line, merged.fill(line, cells, len(row))


def trimmed(cells: list[Cell]) -> list[Cell]:
    """Remove blank cells at the end."""
    while cells and isinstance(cells[-1], str) and not cells[-1].strip():
        cells.pop()
    return cells


class Merged:
    """The merged cells below the header. Their text counts for each row, but only in their first column.

    In the other columns we cannot know what is meant: those cells get the kind "merged".
    """

    def __init__(self, sheet: CalamineSheet, header: int) -> None:
        first = (sheet.start or (0, 0))[1]
        ranges = sheet.merged_cell_ranges or ()
        self.waiting = sorted(
            (
                (top + 1, bottom + 1, left - first, right - first)
                for (top, left), (bottom, right) in ranges
                if top >= header
            ),
            reverse=True,
        )
        self.open: list[tuple[int, int, int, Cell]] = []

    def fill(self, line: int, cells: list[Cell], width: int) -> list[Cell]:
        """Return the row's cells, with the texts of merged cells filled in."""
        self.open = [one for one in self.open if one[0] >= line]
        while self.waiting and self.waiting[-1][0] <= line:
            top, bottom, left, right = self.waiting.pop()
            if top == line and 0 <= left < len(cells) and cells[left] != "":
                self.open.append((bottom, left, right, cells[left]))
        if not self.open:
            return cells
        cells = cells + [""] * (width - len(cells))
        for _bottom, left, right, said in self.open:
            cells[left] = said
            for place in range(left + 1, min(right + 1, width)):
                cells[place] = (said if isinstance(said, str) else said[0], "merged", "", None)
        return trimmed(cells)


def cell_of(cell: object, formats: dict[int, str] | None) -> Cell:
    """Return the text that a person would type, and kind and value if it is not text. `formats` None: unknown."""
    match cell:
        case bool():
            return str(cell).upper(), "truth", "", None
        case float() | int():
            return text_of(float(cell)), "number", repr(cell), None if formats is None else ""
        case datetime():
            return cell.date().isoformat(), "moment", cell.isoformat(), None
        case date():
            return cell.isoformat(), "day", cell.isoformat(), None
        case str() if cell.startswith(MARK):
            style, value = cell.removeprefix(MARK).split("|", 1)
            return formatted(value, (formats or {}).get(int(style)))
        case str():
            return cell
    return str(cell), "truth", "", None


def formatted(value: str, number_format: str | None) -> Cell:
    """Return a number with its format, or the value itself if it is not a number, although the file says so."""
    try:
        return text_of(float(value)), "number", value.strip(), number_format
    except (ValueError, OverflowError):
        return value


def text_of(number: float) -> str:
    """Return a number as a person would type it; a rounded number as 1.234E+16."""
    if abs(number) >= EXACT_BELOW:
        return f"{number:E}"
    return str(int(number)) if number.is_integer() else str(number)


def open_book(file: BinaryIO) -> tuple[CalamineWorkbook, dict[int, str] | None]:
    """Return the workbook without anything but tables, and the number formats by style. Raises `RefusedError`.

    In an XLS we cannot know which number has which format. So the formats are None if one of them shows more than the
    number.
    """
    file.seek(0)
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        zipped = content[: len(ZIP)] == ZIP
        is_workbook = content.find(WORKBOOK if zipped else OLD_WORKBOOK) >= 0
        has_errors = not zipped and OLD_ERROR_CELL.search(content) is not None
        is_protected = not zipped and PROTECTED.search(content) is not None
        pads = not zipped and pads_numbers(content)
    if is_protected:
        raise RefusedError("protected")
    if not is_workbook:
        raise RefusedError("not_text")
    if has_errors:  # the library returns them as empty cells, but an empty cell can have a meaning
        raise RefusedError("failed_formulas")
    try:
        if not zipped:
            return CalamineWorkbook.from_filelike(file), None if pads else {}
        tables, formats = tables_of(file)
        return CalamineWorkbook.from_filelike(tables), formats
    except (CalamineError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        raise RefusedError("damaged") from None


def pads_numbers(content: mmap.mmap) -> bool:
    """Whether an XLS has its own format that shows zeros or text that the cells do not contain."""
    for record in OLD_FORMAT.finditer(content):
        length, wide = record[1][0], record[2] == b"\x01"
        raw = content[record.end() : record.end() + length * (2 if wide else 1)]
        code = raw.decode("utf-16-le" if wide else "latin-1", "replace")
        if is_number_format(code) and "," not in code and PADDING.search(code):
            return True
    return False


def tables_of(file: BinaryIO) -> tuple[BinaryIO, dict[int, str]]:
    """Copy the workbook without macros and pictures, after checking its sizes. Also return the formats by style."""
    tables = BytesIO()
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(tables, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as kept:
        parts = whole.infolist()
        check_sizes(parts)
        styles = [part for part in parts if part.filename.lower().endswith("styles.xml")]
        formats = {style: code for part in styles for style, code in formats_in(whole.read(part)).items()}
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                content = whole.read(part)
                is_sheet = part.filename.startswith("xl/worksheets/")
                kept.writestr(part.filename, with_formats(with_errors(content), formats) if is_sheet else content)
    tables.seek(0)
    return tables, formats


def formats_in(styles: bytes) -> dict[int, str]:
    """Return the styles whose format shows more or less than the number. The library recognises dates itself."""
    codes = dict(BUILT_IN_FORMATS)
    for own in OWN_FORMAT.findall(styles):
        number, code = FORMAT_ID.search(own), FORMAT_CODE.search(own)
        if number and code:
            codes[int(number[1])] = html.unescape(code[1][1:-1].decode("utf-8", "replace"))
    found = STYLES.search(styles)
    numbers = [FORMAT_ID.search(style) for style in STYLE.findall(found[2])] if found else []
    by_style = {place: codes.get(int(number[1]), "") for place, number in enumerate(numbers) if number}
    return {style: code for style, code in by_style.items() if is_number_format(code)}


def is_number_format(code: str) -> bool:
    """Whether the format is for numbers and shows them differently from their value."""
    return code.strip().lower() not in PLAIN_FORMATS and not DATE_LETTERS.search(BESIDE.sub("", code))


def with_formats(sheet: bytes, formats: dict[int, str]) -> bytes:
    """Replace numbers of these styles by texts that name the style, because the library does not return styles."""
    if not formats:
        return sheet
    styles = b"|".join(str(style).encode() for style in formats)
    cells = re.compile(
        rb"<(?P<p>(?:\w+:)?)c(?P<attributes>\s[^<>]*?\bs=[\"'](?P<style>" + styles + rb")[\"'][^<>]*)>"
        rb"(?P<formula>\s*(?:<(?P=p)f\b[^<>]*/>|<(?P=p)f\b[^<>]*>[^<]*</(?P=p)f>))?"
        rb"\s*<(?P=p)v>\s*(?P<value>[0-9.eE+-]+)\s*</(?P=p)v>"
    )
    return cells.sub(_marked, sheet)


def _marked(cell: re.Match[bytes]) -> bytes:
    kind = TYPE.search(cell["attributes"])
    if kind and kind[2] != b"n":
        return cell[0]
    prefix, attributes = cell["p"], TYPE.sub(b"", cell["attributes"])
    value = b"%b%b|%b" % (MARK.encode(), cell["style"], cell["value"])
    return b'<%bc%b t="str"><%bv>%b</%bv>' % (prefix, attributes, prefix, value, prefix)


def check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    """Refuse too large or encrypted parts before unpacking. We never read more of a part than the size given here."""
    if any(part.flag_bits & 1 for part in parts):
        raise RefusedError("protected")
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED_BYTES or unpacked > MAX_RATIO * packed:
        raise RefusedError("too_large_inside")


def with_errors(sheet: bytes) -> bytes:
    """Return the sheet with errors as text. A formula that was never calculated counts as an error.

    The library returns both as empty cells, but an empty cell can have a meaning.
    """
    return FORMULA_CELL.sub(_calculated, ERROR_CELL.sub(rb'\1"str"', sheet))


def _calculated(cell: re.Match[bytes]) -> bytes:
    prefix, attributes = cell["p"], cell["attributes"] or b""
    kind = TYPE.search(attributes)
    if kind and kind[2] == b"str":
        return cell[0]  # the result of the formula is an empty text
    attributes = TYPE.sub(b"", attributes)
    return b'<%bc%b t="str"><%bv>#VALUE!</%bv></%bc>' % (prefix, attributes, prefix, prefix, prefix)


if __name__ == "__main__":
    main()
