"""Spreadsheets from outside: dangerous ones are refused with the reason, the others are read."""

import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mypolis.foundation.lib.tables.table_reader import Row, TabularError, read_table
from tests.lib.tables.sheets import DATE, DATE_TIME, number, ole, text, texts, xls, xlsx, zipped

SMALL = xlsx({1: texts(1, "name", "policy"), 2: texts(2, "Ана", "7")})
FAILED_FORMULA = struct.pack("<HHHHHBBBBHH", 6, 22, 1, 0, 0, 2, 0, 0x17, 0, 0, 0xFFFF) + bytes(8)
ONE = Row(2, {"name": "Ана", "policy": "7"})


def table(path: Path, content: bytes, max_bytes: int = 1_000_000) -> tuple[tuple[str, ...], list[Row]]:
    file = path / "list.csv"  # the file name must not matter
    file.write_bytes(content)
    read = read_table(file, max_bytes=max_bytes)
    return read.header, list(read.rows)


def cells(path: Path, *row: str) -> list[str]:
    """A function that reads one row of a spreadsheet, given as the XML of its cells."""
    header = texts(1, *"abcdefghijkl"[: len(row)])
    _, rows = table(path, xlsx({1: header, 2: "".join(row)}))
    return [value for read in rows for value in read.cells.values()]


def encrypted(content: bytes) -> bytes:
    """Return the zip file with all parts marked as encrypted."""
    directory = content.index(b"PK\x01\x02")
    parts, listed = content[:directory], content[directory:]
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for whole in (parts, listed):
            pieces = whole.split(mark)
            flagged = [
                piece[: place - 4] + struct.pack("<H", 1) + piece[place - 2 :] if index else piece
                for index, piece in enumerate(pieces)
            ]
            if whole is parts:
                parts = mark.join(flagged)
            else:
                listed = mark.join(flagged)
    return parts + listed


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (xlsx({}), "empty"),
        (xlsx({1: texts(1, " ", ""), 2: number("B2", "")}), "empty"),
        (xls({}), "empty"),
        (xlsx({1: texts(1, "hidden")}, {}, hidden=(1,)), "empty"),
        (zipped({"word/document.xml": "<w/>"}), "not_text"),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "not_text"),
        (ole("WordDocument", b"a letter"), "not_text"),
        (SMALL[:-60], "damaged"),
        (SMALL[:200].ljust(2_000, b"\0") + b"xl/workbook.xml", "damaged"),
        (xlsx({1: texts(1, "a")}, more={"xl/workbook.xml": "<workbook><sheets>"}), "damaged"),
        (ole("Workbook", b"\xff" * 900), "damaged"),
        (ole("EncryptedPackage", bytes(5_000)), "protected"),
        (xls({1: ("a",)}, password=True), "protected"),
        (encrypted(SMALL), "protected"),
        (xls({1: ("a", "b"), 2: ("x", None)}), "failed_formulas"),
        (ole("Workbook", FAILED_FORMULA), "failed_formulas"),
        (SMALL + bytes(1_000_000), "too_large"),
        (xlsx({1: text("A1", "a"), 2: text("C2", "b")}, more={"xl/media/x.png": bytes(5_000_000)}), "too_large_inside"),
        (xlsx({}, more={f"xl/part{n}.xml": "" for n in range(2_000)}), "too_large_inside"),
        (xlsx({1: texts(1, "a", "", "b")}), "no_header"),
        (xlsx({1: texts(1, "a", " a ")}), "doubled_column"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_a_spreadsheet_that_cannot_be_used_is_refused_with_the_reason(
    tmp_path: Path, content: bytes, code: str
) -> None:
    with pytest.raises(TabularError) as told:
        table(tmp_path, content)
    assert told.value.code == code
    assert str(told.value.message)


def test_two_cells_at_the_far_corners_of_a_sheet_are_refused_and_take_nobody_with_them(tmp_path: Path) -> None:
    content = xlsx({1: text("A1", "a"), 1_048_576: text("XFD1048576", "b")})
    assert len(content) < 2_000
    with pytest.raises(TabularError) as told:
        table(tmp_path, content)
    assert told.value.code == "too_large_inside"


def test_a_long_text_that_many_cells_share_is_refused(tmp_path: Path) -> None:
    shared = f"<sst><si><t>{'x0123456789' * 10_000}</t></si></sst>"
    link = '<Relationship Id="s" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    link += 'sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r1" Type="http://schemas.openxmlformats.org/'
    link += 'officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
    rows = {line: f'<c r="A{line}" t="s"><v>0</v></c>' for line in range(1, 20_000)}
    links = (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{link}</Relationships>'
    )
    with pytest.raises(TabularError) as told:
        table(tmp_path, xlsx(rows, more={"xl/sharedStrings.xml": shared, "xl/_rels/workbook.xml.rels": links}))
    assert told.value.code == "too_large_inside"


def test_a_part_that_is_larger_than_it_says_is_refused(tmp_path: Path) -> None:
    content = xlsx({1: texts(1, "a"), 2: texts(2, "b" * 300)})
    listed = content.rindex(b"PK\x01\x02")
    size = struct.unpack_from("<I", content, listed + 24)[0]
    lying = bytearray(content)
    struct.pack_into("<I", lying, listed + 24, size - 150)
    with pytest.raises(TabularError) as told:
        table(tmp_path, bytes(lying))
    assert told.value.code == "damaged"


def test_a_spreadsheet_is_known_by_its_content_whatever_its_name(tmp_path: Path) -> None:
    assert table(tmp_path, SMALL) == (("name", "policy"), [ONE])


def test_an_old_spreadsheet_is_read_too(tmp_path: Path) -> None:
    content = xls({1: ("name", "policy"), 2: ("Ана", 7.0), 5: ("Đorđe", 12.5)})
    assert table(tmp_path, content) == (
        ("name", "policy"),
        [ONE, Row(5, {"name": "Đorđe", "policy": "12.5"})],
    )


def test_macros_are_never_looked_at(tmp_path: Path) -> None:
    content = xlsx(
        {1: texts(1, "name", "policy"), 2: texts(2, "Ана", "7")}, more={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 Sub"}
    )
    assert table(tmp_path, content)[1] == [ONE]


def test_the_first_sheet_in_sight_with_anything_on_it_is_read(tmp_path: Path) -> None:
    good = {1: texts(1, "name", "policy"), 2: texts(2, "Ана", "7")}
    content = xlsx({1: texts(1, "codes")}, {}, {3: texts(3, " ")}, good, {1: texts(1, "notes")}, hidden=(1,))
    assert table(tmp_path, content) == (("name", "policy"), [ONE])


def test_lines_are_those_of_the_sheet_and_blank_rows_and_columns_are_left_out(tmp_path: Path) -> None:
    content = xlsx(
        {
            3: text("B3", "name") + text("C3", "policy") + text("D3", " "),
            4: text("B4", " "),
            6: text("B6", "Ана"),
            7: text("C7", "7") + text("E7", "more"),
            9_000: number("D9000", "", DATE),
        }
    )
    assert table(tmp_path, content) == (
        ("name", "policy"),
        [Row(6, {"name": "Ана", "policy": ""}), Row(7, {"name": "", "policy": "7"}, "too_many_cells")],
    )


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        (number("A2", "12345.0"), "12345"),
        (number("A2", "-0.5"), "-0.5"),
        (number("A2", "2206978816007"), "2206978816007"),
        (number("A2", "3201234567890123"), "3.201235E+15"),
        (number("A2", "33000", DATE), "1990-05-07"),
        (number("A2", "33000.75", DATE_TIME), "1990-05-07"),
        ('<c r="A2" t="d"><v>1990-05-07</v></c>', "1990-05-07"),
        ('<c r="A2" t="b"><v>1</v></c>', "TRUE"),
        ('<c r="A2" t="b"><v>0</v></c>', "FALSE"),
        (text("A2", "000123"), "000123"),
        (text("A2", " =cmd|' /C calc'!A0"), " =cmd|' /C calc'!A0"),
        ('<c r="A2"><f>B1+1</f><v>41</v></c>', "41"),
        ('<c r="A2" t="str"><f>"A"&amp;"na"</f><v>Ana</v></c>', "Ana"),
        ('<c r="A2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!"),
        ("<c r='A2' s='0' t='e'><v>#REF!</v></c>", "#REF!"),
        ('<c r="A2"><f>B1+1</f></c>', "#VALUE!"),
        ('<c r="A2" s="1"><f>B1+1</f><v></v></c>', "#VALUE!"),
        ('<c r="A2" t="n"><f t="shared" si="0"/><v/></c>', "#VALUE!"),
        ('<c r="A2" t="str"><f>""</f><v></v></c>', ""),
    ],
    ids=str,
)
def test_a_cell_is_read_as_a_person_would_type_it(tmp_path: Path, cell: str, read: str) -> None:
    assert cells(tmp_path, cell, text("B2", "x")) == [read, "x"]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None, max_examples=25
)
@given(st.integers(0, len(SMALL) - 1), st.binary(min_size=1, max_size=8))
def test_a_spreadsheet_with_any_bytes_changed_is_read_or_refused(tmp_path: Path, at: int, new: bytes) -> None:
    try:
        _, rows = table(tmp_path, SMALL[:at] + new + SMALL[at + len(new) :])
    except TabularError:
        return
    assert [row.line for row in rows] == sorted({row.line for row in rows})
