"""Cells of whole spreadsheets: number formats, merged cells, and numbers that are dates."""

from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mypolis.foundation.lib.cells.cell import CellError
from mypolis.foundation.lib.cells.dates import Day, birth_day_in
from mypolis.foundation.lib.cells.numbers import amount_in, id_in
from mypolis.foundation.lib.cells.texts import words_in
from mypolis.foundation.lib.tables.table_reader import read_table
from tests.lib.cells.test_cells import TODAY, code_of
from tests.lib.tables.sheets import DATE_TIME, number, text, texts, xls, xlsx

STYLES = (
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts>'
    '<numFmt numFmtId="164" formatCode="00000000"/><numFmt formatCode="&quot;K-&quot;000" numFmtId="165"/>'
    '<numFmt numFmtId="166" formatCode="dd\\.mm\\.yyyy"/><numFmt numFmtId="167" formatCode="[$Rp-421]#,##0.00"/>'
    '</numFmts><cellStyleXfs><xf numFmtId="164"/></cellStyleXfs><cellXfs count="7"><xf numFmtId="0"/>'
    '<xf numFmtId="164"><alignment/></xf>'
    '<xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="167"/><xf numFmtId="2"/><xf numFmtId="11"/></cellXfs>'
    "</styleSheet>"
)


def row_of(folder: Path, *cells: str, sheet: str = "", more: dict[str, str] | None = None) -> list[str]:
    header = texts(1, *"abcdefghijkl"[: len(cells)])
    content = xlsx({1: header, 2: "".join(cells)}, more={"xl/styles.xml": STYLES} | (more or {}))
    (folder / "list").write_bytes(content)
    return [cell for row in read_table(folder / "list", max_bytes=1_000_000).rows for cell in row.cells.values()]


def test_what_a_format_shows_is_read_from_the_workbook(tmp_path: Path) -> None:
    row = row_of(
        tmp_path,
        *(number("A2", "72301", 1), number("B2", "7", 2), number("C2", "32874", 3), number("D2", "150000", 4)),
        *(number("E2", "118.80000000000001", 5), number("F2", "7.7E13", 6), number("G2", "72301", 0)),
        *('<c r="H2" s=\'1\' t="n"><f>A2+1</f><v>72302</v></c>', '<c t="str" r="I2" s="1"><v>9</v></c>'),
    )
    assert row == ["72301", "7", "1990-01-01", "150000", "118.80000000000001", "77000000000000", "72301", "72302", "9"]
    assert [id_in(row[place], max_length=64) for place in (0, 1, 6, 7, 8)] == [
        "00072301",
        "K-007",
        "72301",
        "00072302",
        "9",
    ]
    assert birth_day_in(row[2], today=TODAY).day == date(1990, 1, 1)
    assert (amount_in(row[3]), amount_in(row[4])) == (Decimal(150_000), Decimal("118.80"))
    assert code_of(lambda: id_in(row[5], max_length=64)) == "scientific"


def test_days_are_counted_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    book = (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxml'
        'formats.org/officeDocument/2006/relationships"><workbookPr date1904="1"/><sheets><sheet name="s1" sheetId="1" '
        'r:id="r1"/></sheets></workbook>'
    )
    (cell,) = row_of(tmp_path, number("A2", "31412", 3), more={"xl/workbook.xml": book})
    assert birth_day_in(cell, today=TODAY).day == date(1990, 1, 1)


def test_a_moment_in_a_sheet_keeps_its_time(tmp_path: Path) -> None:
    content = xlsx(
        {1: texts(1, "a", "b"), 2: number("A2", "32874.999502", DATE_TIME) + number("B2", "32874.75", DATE_TIME)}
    )
    (tmp_path / "list").write_bytes(content)
    (row,) = read_table(tmp_path / "list", max_bytes=1_000_000).rows
    assert birth_day_in(row.cells["a"], today=TODAY) == Day(date(1990, 1, 2), "rounded_time")
    assert code_of(lambda: birth_day_in(row.cells["b"], today=TODAY)) == "time_of_day"


def test_merged_cells_count_for_every_row_and_for_no_other_column(tmp_path: Path) -> None:
    rows = {
        2: texts(2, "plan", "end", "name", "note"),
        3: text("A3", "Gold") + text("B3", "x") + text("C3", "Ana") + text("D3", "both"),
        4: text("C4", "Iva"),
        5: text("C5", "Eva"),
        6: "",
        7: text("A7", "Silver") + text("C7", "Ida"),
    }
    merged = (
        "<mergeCells>"
        + "".join(f'<mergeCell ref="{place}"/>' for place in ("A3:A6", "B3:B4", "A7:B8"))
        + "</mergeCells>"
    )
    data = "".join(f'<row r="{line}">{cells}</row>' for line, cells in rows.items())
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{main}"><sheetData>{data}</sheetData>{merged}</worksheet>'
    (tmp_path / "list").write_bytes(xlsx(rows, more={"xl/worksheets/sheet1.xml": sheet}))
    found = list(read_table(tmp_path / "list", max_bytes=1_000_000).rows)
    assert [tuple(row.cells.values()) for row in found] == [
        ("Gold", "x", "Ana", "both"),
        ("Gold", "x", "Iva", ""),
        ("Gold", "", "Eva", ""),
        ("Silver", "Silver", "Ida", ""),
    ]
    assert code_of(lambda: words_in(found[3].cells["end"], max_length=64)) == "merged"
    assert words_in(found[3].cells["plan"], max_length=64) == "Silver"


def test_of_an_old_spreadsheet_a_format_that_shows_more_makes_numbers_unknown(tmp_path: Path) -> None:
    def cell(more: bytes) -> str:
        (tmp_path / "list").write_bytes(xls({1: ("a",), 2: (72301.0,)}) + more)
        (row,) = read_table(tmp_path / "list", max_bytes=1_000_000).rows
        return row.cells["a"]

    assert id_in(cell(b""), max_length=64) == "72301"
    padded = cell(b"\x1e\x04\x0d\x00\xa4\x00\x08\x00\x00" + b"00000000")
    assert code_of(lambda: id_in(padded, max_length=64)) == "shown_otherwise"
    assert amount_in(padded) == Decimal(72301)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None, max_examples=25
)
@given(
    st.text("0#?.,;%E/ \"\\_*-[]$<>=&'Kkр", max_size=15),
    st.floats(allow_nan=False, allow_infinity=False) | st.integers(0, 10**17),
)
def test_with_any_format_a_number_is_read_or_refused(tmp_path: Path, code: str, value: float) -> None:
    styles = STYLES.replace("00000000", escape(code, {'"': "&quot;", "'": "&apos;"}))
    content = xlsx(
        {1: texts(1, "a", "b"), 2: number("A2", repr(value), 1) + text("B2", "x")}, more={"xl/styles.xml": styles}
    )
    (tmp_path / "list").write_bytes(content)
    (row,) = read_table(tmp_path / "list", max_bytes=1_000_000).rows
    with suppress(CellError):
        id_in(row.cells["a"], max_length=64)
    with suppress(CellError):
        amount = amount_in(row.cells["a"])
        assert amount is not None
        assert abs(amount - Decimal(repr(value))) <= max(abs(Decimal(repr(value))), 1) / 10**14
