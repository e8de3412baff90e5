"""XLSX for people: what begins like a formula is a text."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from mypolis.foundation.lib.tables.safe_csv import FORMULA_STARTS
from mypolis.foundation.lib.tables.safe_xlsx import workbook

PRINTABLE = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=50)


def rows_of(content: bytes, sheet: str) -> list[list[object]]:
    return list(CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name(sheet).to_python())


def parts_of(content: bytes) -> str:
    with ZipFile(BytesIO(content)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist() if "worksheets" in name)


def assert_a_text(text: str) -> None:
    content = workbook([("Rates", [[text, "end"]])])
    assert "<f>" not in parts_of(content)
    assert "hyperlink" not in parts_of(content)
    assert rows_of(content, "Rates")[0][-1] == "end"


def test_formulas_and_links_stay_texts() -> None:
    for start in sorted(FORMULA_STARTS):
        assert_a_text(f"{start}cmd|' /C calc'!A0")
    assert_a_text('=HYPERLINK("https://example.test")')
    assert_a_text("https://example.test")
    assert_a_text("x" * 40_000)
    assert_a_text("\ud800")


def test_numbers_are_numbers() -> None:
    rows = rows_of(workbook([("Sums", [["RSD", 5, Decimal("-1.50"), None]])]), "Sums")
    assert rows[0][:3] == ["RSD", 5.0, -1.5]


def test_days_are_days() -> None:
    rows = rows_of(workbook([("Days", [[date(2026, 11, 9), "end"]])]), "Days")
    assert rows[0] == [date(2026, 11, 9), "end"]


def test_the_name_of_a_sheet_may_be_any_text() -> None:
    content = workbook([("By week, [from] Monday: a/b*c?" + "x" * 40, [["a"]])])
    assert len(CalamineWorkbook.from_filelike(BytesIO(content)).sheet_names[0]) <= 31


@given(text=PRINTABLE)
def test_every_text_is_read_back(text: str) -> None:
    content = workbook([("Texts", [[text]])])
    assert "<f>" not in parts_of(content)
    assert rows_of(content, "Texts")[0][0] == text or not text.strip()


@given(text=st.text(max_size=50))
def test_no_text_breaks_the_file(text: str) -> None:
    assert_a_text(text)
