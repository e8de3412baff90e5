"""Makes small real spreadsheets: XLSX from the XML of its rows, XLS and other OLE files from bytes."""

import io
import struct
import zipfile
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DATE, DATE_TIME = 1, 2
_ROOT_LINK = f'<Relationship Id="r" Type="{_DOC}/officeDocument" Target="xl/workbook.xml"/>'
_STYLES = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs>'

type Rows = dict[int, str]
type Parts = dict[str, str | bytes]


def text(place: str, value: str) -> str:
    """Return the XML of a cell with text at a place such as "B3"."""
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def number(place: str, value: str, style: int = 0) -> str:
    """Return the XML of a cell with a number; with a style, a date."""
    return f'<c r="{place}" s="{style}"><v>{value}</v></c>'


def texts(line: int, *values: str) -> str:
    """Return the XML of a row of texts, from column A on."""
    return "".join(text(f"{letter}{line}", value) for letter, value in zip("ABCDEFGHIJKL", values, strict=False))


def xlsx(*sheets: Rows, hidden: tuple[int, ...] = (), more: Parts | None = None) -> bytes:
    """Return a workbook. Each sheet maps a line to the XML of its cells. `more` adds or replaces parts."""
    numbers = range(1, len(sheets) + 1)
    names = "".join(
        f'<sheet name="s{n}" sheetId="{n}" r:id="r{n}"{' state="hidden"' if n in hidden else ""}/>' for n in numbers
    )
    links = "".join(
        f'<Relationship Id="r{n}" Type="{_DOC}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    parts: Parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{_ROOT_LINK}</Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOC}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">{_STYLES}</styleSheet>',
    }
    for n, rows in zip(numbers, sheets, strict=True):
        data = "".join(f'<row r="{line}">{cells}</row>' for line, cells in rows.items())
        parts[f"xl/worksheets/sheet{n}.xml"] = f'<worksheet xmlns="{_MAIN}"><sheetData>{data}</sheetData></worksheet>'
    return zipped(parts | (more or {}))


def zipped(parts: Parts) -> bytes:
    """Return a zip file with these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def xls(rows: dict[int, tuple[str | float | None, ...]], *, password: bool = False) -> bytes:
    """Return an Excel 97 workbook: texts, numbers and errors (None) by line. `password` only adds its record."""
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    if password:
        begin += _record(0x002F, struct.pack("<HHH", 1, 1, 1) + bytes(48))
    xf = _record(0x00E0, bytes(20))
    end = _record(0x000A, b"")
    place = len(begin) + len(xf) + 14 + len(end)  # 14: the record that names the sheet
    sheet = _record(0x0085, struct.pack("<IBBBB2s", place, 0, 0, 2, 0, b"s1"))
    cells = b"".join(
        _cell(line - 1, column, value) for line, values in rows.items() for column, value in enumerate(values)
    )
    begin_sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    return ole("Workbook", begin + xf + sheet + end + begin_sheet + cells + end)


def _cell(row: int, column: int, value: str | float | None) -> bytes:
    if isinstance(value, str):
        content = struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")
        return _record(0x0204, struct.pack("<HHH", row, column, 0) + content)
    if value is None:
        return _record(0x0205, struct.pack("<HHHBB", row, column, 0, 0x17, 1))
    return _record(0x0203, struct.pack("<HHHd", row, column, 0, value))


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def ole(name: str, stream: bytes) -> bytes:
    """Return a compound file with one stream: header, one sector of the table, one of the directory, the stream."""
    sectors = max(8, -(-len(stream) // 512))
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + sectors), 0xFFFFFFFE]
    table = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack(
        "<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0
    )
    header += struct.pack("<108I", *[0xFFFFFFFF] * 108)
    directory = _entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + _entry(name, 2, 0xFFFFFFFF, 2, sectors * 512)
    return header + table + directory.ljust(512, b"\0") + stream.ljust(sectors * 512, b"\0")


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    letters = (name + "\0").encode("utf-16-le")
    nobody = 0xFFFFFFFF
    return letters.ljust(64, b"\0") + struct.pack(
        "<HBBIII36xIQ", len(letters), kind, 1, nobody, nobody, child, start, size
    )
