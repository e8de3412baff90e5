"""Cells from outside: each gives a value, or is refused with the reason. Nothing is guessed."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.lib.cells.cell import Cell, CellError, KnownText
from mypolis.foundation.lib.cells.dates import Day, birth_day_in, policy_day_in
from mypolis.foundation.lib.cells.numbers import amount_in, count_in, id_in
from mypolis.foundation.lib.cells.texts import words_in

TODAY = date(2026, 11, 29)


def code_of(read: Callable[[], object]) -> str:
    with pytest.raises(CellError) as refused:
        read()
    return refused.value.code


def shown(value: str, number_format: str | None = "") -> Cell:
    """Return a number cell of a spreadsheet."""
    return Cell(value, "number", value, number_format)


# Amounts


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        *(("150000", "150000"), ("150000.5", "150000.5"), ("0.05", "0.05"), ("150000.00", "150000")),
        *((" 12.50 ", "12.50"), ('="12.50"', "12.50"), ("'12.50", "12.50"), ("0", "0"), ("007", "7")),
        *((shown("150000"), "150000"), (shown("118.80000000000001"), "118.80"), (shown("0.30000000000000004"), "0.30")),
        *((shown("118.80000000000001", "0.00"), "118.80"), (shown("150000.0", "#,##0"), "150000")),
        *((shown("150000", '"Rp"\\ #,##0.00'), "150000"), (shown("150000", "[$Rp-421]#,##0"), "150000")),
        (shown("5", '0" din."'), "5"),
        *(
            (shown("5", "0;-0"), "5"),
            (shown("5", "0_);(0)"), "5"),
            (shown("-0.0"), "0"),
            (shown("1500", "0 000"), "1500"),
        ),
        *((shown("99.9", '_-* #,##0.00\\ "₽"_-;-* #,##0.00_-'), "99.9"), (shown("1.5E5"), "150000")),
    ],
    ids=str,
)
def test_an_amount_is_digits_perhaps_with_a_point_and_decimals(cell: str, amount: str) -> None:
    assert amount_in(cell) == Decimal(amount)


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "150.000",
            "1.250.000",
            "150.000,00",
            "150,00",
            "150,000",
            "Rp 150.000",
            "Rp150000",
            "150000 RSD",
            "1 250 000",
        ),
        *(
            "1\u00a0250",
            "1_200",
            "1'200",
            "٣٠٠",
            "１２０",
            "NaN",
            "nan",
            "Infinity",
            "1e5",
            "1E+5",
            "-5",
            "+5",
            "−5",
            "- 5",
        ),
        *(
            ".5",
            "5.",
            "1.005",
            "0x10",
            "five",
            "½",
            "150000.-",
            "150k",
            "150 тыс",
            "12.5%",
            "(5)",
            "1/2",
            "=1+1",
            "5\n5",
        ),
        *(
            shown("118.805"),
            shown("118.80", "0"),
            shown("118.80", "#,##0"),
            shown("0.5", "0%"),
            shown("150", '0" тыс."'),
        ),
        *(shown("150", "0.000"), shown("150", "#,##0.000"), shown("1234", '00"."00'), shown("150000", "0\\.000")),
        *(shown("5", ";;;"), shown("5", '"-"0'), shown("5", "(0)"), shown("5", '"free"')),
        *(shown("150000", "#,##0,"), shown("1.5", "# ?/?"), shown("150000", "0.00E+00"), shown("-5"), shown("1E+300")),
        *(shown("150000", '[>=1000000]0.0,,"M";0'), Cell("2026-03-12", "day", "2026-03-12"), Cell("TRUE", "truth", "")),
        *("9" * 13, "9" * 70),
    ],
    ids=repr,
)
def test_an_amount_that_can_be_read_in_two_ways_is_refused(cell: str) -> None:
    assert code_of(lambda: amount_in(cell)) == "bad_amount"


@given(st.text("0123456789.,_ eE+-'RpNa\u0663\u00a0", max_size=12))
def test_whatever_stands_there_an_amount_is_what_its_digits_say_or_refused(cell: str) -> None:
    typed = cell.strip(" \u00a0").removeprefix("'").strip(" \u00a0")
    if re.fullmatch(r"[0-9]+(\.[0-9]{1,2})?", typed):
        assert amount_in(cell) == Decimal(typed)
    elif typed:
        assert code_of(lambda: amount_in(cell)) == "bad_amount"
    else:
        assert amount_in(cell) is None


@given(st.integers(0, 10**12 * 100 - 1))
def test_every_amount_of_a_spreadsheet_survives_binary_fractions(cents: int) -> None:
    assert amount_in(shown(repr(cents / 100))) == Decimal(cents) / 100


@pytest.mark.parametrize("cell", ["1.5", "-1", "1.0", "10001", "٣", "1e2", "one", shown("1.5")])
def test_a_count_is_a_whole_number(cell: str) -> None:
    assert code_of(lambda: count_in(cell, most=10_000)) == "bad_count"


def test_a_count_of_a_spreadsheet_is_one() -> None:
    assert (count_in(shown("3.0"), most=10), count_in("3", most=10), count_in("", most=10)) == (3, 3, None)


# Ids


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        *(("00072301", "00072301"), ("77E1234567", "77E1234567"), ("HZ-G-7", "HZ-G-7"), ("12E45", "12E45")),
        *(('="00072302"', "00072302"), ("'00072304", "00072304"), ("' 00072304", "00072304"), ('="a""b"', 'a"b')),
        *(("7E12", "7E12"), ("1E1234", "1E1234"), ("12.5", "12.5"), ("2/2026", "2/2026"), ("", "")),
        *(("’00072304", "00072304"), ('="2026-03-12"', "2026-03-12"), ("'12.03.2026", "12.03.2026")),
        *((KnownText("2026-03-12"), "2026-03-12"), ("2026-03-99", "2026-03-99"), ("4817-2026-01", "4817-2026-01")),
        *(("MAR-26", "MAR-26"), ("12/2026", "12/2026"), ("Mar-2601", "Mar-2601"), ("03-12", "03-12")),
        *((shown("72301"), "72301"), (shown("72301.0"), "72301"), (shown("72301", "00000000"), "00072301")),
        *((shown("2206978816007"), "2206978816007"), (shown("72301", "#,##0"), "72301"), (shown("7", "0.00"), "7")),
        *((shown("123456", '"K-"000000'), "K-123456"), (shown("123456", "000-0000"), "012-3456")),
        *((shown("7", "000;-000"), "007"), (shown("123456789", "000\\-00\\-0000"), "123-45-6789")),
        *((shown("0", "000"), "000"), (shown("5", "##0"), "5"), (shown("12345", "00"), "12345")),
    ],
    ids=repr,
)
def test_an_id_is_what_the_sheet_shows(cell: str, read: str) -> None:
    assert id_in(cell, max_length=64) == read


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        *(
            ("1.23E+12", "scientific"),
            ("1,23E+12", "scientific"),
            ("2.02611E+15", "scientific"),
            ("7E+09", "scientific"),
        ),
        *(
            ("1.23e12", "scientific"),
            ("9,16123Е+09", "scientific"),
            ("12.3E+09", "scientific"),
            ("-1.2E-7", "scientific"),
        ),
        *(("72301.0", "changed_number"), ("72301,00", "changed_number"), (shown("72301.5"), "changed_number")),
        *(
            (shown("2026110000000011"), "scientific"),
            (shown("1e15"), "scientific"),
            (shown("7.7E13", "0.00E+00"), "scientific"),
        ),
        *(
            (shown("7", None), "shown_otherwise"),
            (shown("7", "# ?/?"), "shown_otherwise"),
            (shown("7", "0%"), "shown_otherwise"),
        ),
        *(
            (shown("5551234", "[<=9999999]###-####;(###) ###-####"), "shown_otherwise"),
            (shown("7", "0" * 200), "shown_otherwise"),
        ),
        *(
            (Cell("2026-03-12", "day", "2026-03-12"), "became_date"),
            (Cell("x", "moment", "2026-03-12T01:00:00"), "became_date"),
        ),
        *(
            (Cell("TRUE", "truth", ""), "changed_number"),
            (Cell("7", "merged", ""), "merged"),
            (shown("-7"), "changed_number"),
        ),
        *(
            (day, "became_date")
            for day in ("2026-03-12", "12.03.2026", "12/3/2026", "3/31/2026", "2026-03-12 00:00:00")
        ),
        *((day, "became_date") for day in ("12-Mar", "Mar-26", "12.мар", "мар.26", "12-Mei", "12.mar.26")),
        *(("Err:502", "failed_formula"), ("########", "failed_formula")),
        *(
            ("#N/A", "failed_formula"),
            ("#ИМЯ?", "failed_formula"),
            ("=A1+1", "failed_formula"),
            ("7\ufffd", "lost_letters"),
        ),
        *(("x" * 65, "too_long"), ("a\0b", "not_text"), ("???-204/7", "lost_letters"), ("Р”РњРЎ-204", "lost_letters")),
    ],
    ids=repr,
)
def test_an_id_that_a_spreadsheet_changed_is_refused(cell: str, code: str) -> None:
    assert code_of(lambda: id_in(cell, max_length=64)) == code


# Days


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        *(("1990-12-31", Day(date(1990, 12, 31))), ("31.12.1990", Day(date(1990, 12, 31))), ("", Day(None))),
        *(("1990-12-31 00:00:00", Day(date(1990, 12, 31))), ("1990-12-31T00:00:00.000", Day(date(1990, 12, 31)))),
        *(("31.12.1990 0:00:00", Day(date(1990, 12, 31))), ('="1990-12-31"', Day(date(1990, 12, 31)))),
        *(("1990-12-30 23:59:17", Day(date(1990, 12, 31), "rounded_time")), ("'1990-12-31", Day(date(1990, 12, 31)))),
        (Cell("x", "moment", "1990-12-31T23:59:30"), Day(date(1991, 1, 1), "rounded_time")),
        (Cell("x", "moment", "1990-12-31T00:00:00.500000"), Day(date(1990, 12, 31), "rounded_time")),
        (Cell("x", "moment", "1990-12-31T00:00:00"), Day(date(1990, 12, 31))),
        *((Cell("x", "day", "1970-01-01"), Day(date(1970, 1, 1))), ("29.02.1988", Day(date(1988, 2, 29)))),
    ],
    ids=repr,
)
def test_a_birth_date_is_never_a_day_off(cell: str, read: Day) -> None:
    assert birth_day_in(cell, today=TODAY) == read


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        *(("01.01.0001", "too_old"), ("30.12.1899", "too_old"), ("1900-01-01", "too_old"), ("1900-01-00", "too_old")),
        *(("0000-00-00", "too_old"), ("00.00.0000", "too_old"), ("1904-01-01", "too_old"), ("9999-12-31", "future")),
        *(("1990-12-30 23:00", "time_of_day"), ("1990-12-30T17:00:00", "time_of_day"), ("2026-11-30", "future")),
        *(
            ("1990-12-30T17:00:00Z", "time_of_day"),
            ("1990-12-31T00:00:00+03:00", "time_of_day"),
            ("32874", "not_a_date"),
        ),
        *((Cell("x", "moment", "1990-02-28T23:00:00"), "time_of_day"), (shown("32874"), "not_a_date")),
        *(
            ("31.02.1990", "not_a_date"),
            ("1990-12-31 25:00", "not_a_date"),
            ("01.02.90", "not_a_date"),
            ("nan", "not_a_date"),
        ),
    ],
    ids=repr,
)
def test_a_birth_date_that_cannot_be_is_refused(cell: str, code: str) -> None:
    assert code_of(lambda: birth_day_in(cell, today=TODAY)) == code


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "01.01.0001",
            "0001-01-01",
            "30.12.1899",
            "31.12.1899",
            "1900-01-01",
            "01.01.1900",
            "1970-01-01",
            "1753-01-01",
        ),
        *("0000-00-00", "00.00.0000", "01.01.0001 0:00:00", "1900-01-00", Cell("x", "day", "1899-12-30")),
    ],
)
def test_a_programs_empty_date_is_empty_and_told(cell: str) -> None:
    assert policy_day_in(cell) == policy_day_in(cell, is_last=True) == Day(None, "empty_date")


@pytest.mark.parametrize(
    "cell", ["31.12.2026 23:59:59", "2026-12-31T23:59:00", Cell("x", "moment", "2026-12-31T23:59:59")]
)
def test_the_end_of_a_day_is_not_taken_for_the_next_day(cell: str) -> None:
    assert code_of(lambda: policy_day_in(cell)) == "time_of_day"
    assert code_of(lambda: policy_day_in(cell, is_last=True)) == "time_of_day"


@pytest.mark.parametrize("cell", ["1949-12-31", "1850-06-01", "0026-11-29", "2200-01-01", "9999-12-31"])
def test_a_day_that_no_policy_can_have_is_refused(cell: str) -> None:
    assert code_of(lambda: policy_day_in(cell)) == "impossible_date"


def test_a_last_day_beyond_all_days_is_none() -> None:
    assert (
        policy_day_in("31.12.9999", is_last=True)
        == policy_day_in("2999-12-31", is_last=True)
        == Day(None, "empty_date")
    )
    assert policy_day_in("31.12.2099", is_last=True) == Day(date(2099, 12, 31))


@given(st.dates(date(1950, 1, 3), date(2199, 12, 31)).filter(lambda day: day != date(1970, 1, 1)))
def test_every_day_that_a_policy_can_have_is_read_in_every_notation(day: date) -> None:
    for cell in (day.isoformat(), f"{day:%d.%m.%Y}", f"{day:%d/%m/%Y}", Cell("x", "day", day.isoformat())):
        assert policy_day_in(cell) == Day(day)


# Words


@pytest.mark.parametrize(
    "cell",
    [
        *("Petrović", "Đorđević", "Пётр", "Сёмина", "O'Neil", "Nan", "Null", "Hélène", "Åse", "Müller", "Siti", "Ян"),
        *("'t Hooft", "Ibrahim oğlu", "Ђорђевић", "Ко", "Рё", "María José", "Æsa", "Žužana"),
        *("NAN", "Nil", "Nan Zhang", "li nan", "Jean–Émile", "Þórður", "Đoković Čeda", "Roşca", "Öğüt", "Şükrü"),
    ],
)
def test_a_name_is_read_as_it_is_written(cell: str) -> None:
    assert words_in(cell, max_length=64) == cell


@pytest.mark.parametrize(
    "cell",
    [
        *("Petrovi?", "?or?evi?", "???", "Петров?", "Petrovi\ufffd", "nan", "NaN", "null", "NULL", "None", "#N/A"),
        *("Petrovi ?", "Ana NULL", "Petrović nan", "(null)", "Petrovi¿", "P&eacute;ter", "O&#39;Neil"),
        "Petrovi\\u0107",
        *("Р\xa0РѕРјР°РЅ", "РџРµС‚СЂРѕРІ Р\xa0РѕРјР°РЅ", "Å\xa0ariÄ‡", "PetroviД‡", "Petrovi─ç", "п÷п╣я┌я─п╬п╡"),
        *("╨Я╨╡╤В╤А╨╛╨▓", "Petroviƒá", "Ğ¡ĞµĞ¼Ñ‘Ğ½", "Ïåòðîâ", "Ďĺňđîâ", "Анна PetroviÄ‡"),
        *("PetroviÄ‡", "Ä\x90orÄ‘eviÄ‡", "РџРµС‚СЂРѕРІ", "MÃ¼ller", "JosÃ©"),
    ],
)
def test_lost_letters_are_refused(cell: str) -> None:
    assert code_of(lambda: words_in(cell, max_length=64)) in ("lost_letters", "failed_formula", "not_text")


def test_a_mark_of_a_spreadsheet_is_taken_off_a_name() -> None:
    assert words_in("'Siti", max_length=64) == "Siti"
    assert words_in('="Siti"', max_length=64) == "Siti"
