"""The program that opens one spreadsheet: on standard input the file, on standard output JSON lines.

Each row that is not blank is `[line, [cell, ...]]`; the last line is "end", or the code of why there is no
more. Run by `spreadsheet.py` alone; it knows nothing of the rest of the package.
"""

import json
import mmap
import re
import resource
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
# From here on a spreadsheet has rounded what was typed.
EXACT_BELOW = 1e15

ZIP = b"PK\x03\x04"
WORKBOOK = b"xl/workbook.xml"
OLD_WORKBOOK = "Workbook".encode("utf-16-le")
# An encrypted XLSX is the stream of this name; an encrypted XLS begins with a record that says so (FILEPASS).
PROTECTED = re.compile(
    re.escape("EncryptedPackage\0".encode("utf-16-le")) + rb"|\x09\x08\x10\x00.{16}(?:\x86\x00\x00\x00)?\x2f\x00",
    re.DOTALL,
)

# In XLS, a cell with an error (BOOLERR) or a formula whose last result is one (FORMULA).
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


class RefusedError(Exception):
    """There is no table here; the text is a code of `TabularError`."""


def main() -> None:
    """Tell the rows of the file on standard input, and how it went."""
    limit(resource.RLIMIT_CORE, 0)  # no cells on the disk when the library aborts
    limit(resource.RLIMIT_AS, MEMORY_BYTES)
    limit(resource.RLIMIT_CPU, PROCESSOR_SECONDS)
    try:
        for row in rows(sys.stdin.buffer):
            tell(row)
        tell("end")
    except RefusedError as refused:
        tell(str(refused))
    except MemoryError:
        tell("too_large_inside")
    except BaseException:  # a panic inside the library is no Exception
        tell("damaged")


def limit(what: int, most: int) -> None:
    """Bound what this process may use; what bounds it already stays."""
    _, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))


def tell(something: object) -> None:
    """One line of the answer."""
    sys.stdout.write(json.dumps(something) + "\n")


def rows(file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """Lines and cells of the first sheet in sight with anything on it; raises `RefusedError`."""
    with open_book(file) as book:
        for number, about in enumerate(book.sheets_metadata):
            if about.typ != SheetTypeEnum.WorkSheet or about.visible != SheetVisibleEnum.Visible:
                continue
            found = None
            for found in rows_of(book.get_sheet_by_index(number)):
                yield found
            if found:
                return
    raise RefusedError("empty")


def rows_of(sheet: CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, from the first column that is not, without blank cells at their end."""
    for line, row in enumerate(sheet.iter_rows(), start=1):
        cells = [text_of(cell) for cell in row]
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            yield line, cells


def text_of(cell: object) -> str:
    """A cell as a person would type it; dates as YYYY-MM-DD, rounded numbers as 1.234E+16."""
    match cell:
        case bool():
            return str(cell).upper()
        case float() if abs(cell) >= EXACT_BELOW:
            return f"{cell:E}"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
    return str(cell)


def open_book(file: BinaryIO) -> CalamineWorkbook:
    """The workbook, with nothing in it but tables; raises `RefusedError`."""
    file.seek(0)
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        zipped = content[: len(ZIP)] == ZIP
        is_workbook = content.find(WORKBOOK if zipped else OLD_WORKBOOK) >= 0
        has_errors = not zipped and OLD_ERROR_CELL.search(content) is not None
        is_protected = not zipped and PROTECTED.search(content) is not None
    if is_protected:
        raise RefusedError("protected")
    if not is_workbook:
        raise RefusedError("not_text")
    if has_errors:  # the library gives them out as empty, and an empty cell can mean something
        raise RefusedError("failed_formulas")
    try:
        return CalamineWorkbook.from_filelike(tables_of(file) if zipped else file)
    except (CalamineError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        raise RefusedError("damaged") from None


def tables_of(file: BinaryIO) -> BinaryIO:
    """The same workbook without macros and pictures, and of the sizes that it says it has."""
    tables = BytesIO()
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(tables, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as kept:
        check_sizes(whole.infolist())
        for part in whole.infolist():
            if part.filename.endswith((".xml", ".rels")):
                content = whole.read(part)
                is_sheet = part.filename.startswith("xl/worksheets/")
                kept.writestr(part.filename, with_errors(content) if is_sheet else content)
    tables.seek(0)
    return tables


def check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    """Refuse what would swell, before anything is unpacked; no part ever gives more than it says here."""
    if any(part.flag_bits & 1 for part in parts):
        raise RefusedError("protected")
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED_BYTES or unpacked > MAX_RATIO * packed:
        raise RefusedError("too_large_inside")


def with_errors(sheet: bytes) -> bytes:
    """The sheet with its errors as text, and with one where a formula was never calculated.

    The library gives both out as empty, and an empty cell can mean something.
    """
    return FORMULA_CELL.sub(_calculated, ERROR_CELL.sub(rb'\1"str"', sheet))


def _calculated(cell: re.Match[bytes]) -> bytes:
    prefix, attributes = cell["p"], cell["attributes"] or b""
    kind = TYPE.search(attributes)
    if kind and kind[2] == b"str":
        return cell[0]  # its value is an empty text
    attributes = TYPE.sub(b"", attributes)
    return b'<%bc%b t="str"><%bv>#VALUE!</%bv></%bc>' % (prefix, attributes, prefix, prefix, prefix)


if __name__ == "__main__":
    main()
