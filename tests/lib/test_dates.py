"""Dates from boxes, JSON and cells."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.lib.dates import (
    DateError,
    parse_date_cell,
    parse_day_month_year,
    parse_iso_date,
    plausible_birth_date,
)

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "format"),
        ("1996-2-29", "format"),
        ("1996-02-29T00:00:00", "format"),
        ("29.02.1996", "format"),
        ("19960229", "format"),
        ("1995-02-29", "not_a_date"),
        ("1995-13-01", "not_a_date"),
        ("0000-01-01", "not_a_date"),
    ],
)
def test_what_is_no_iso_date_is_refused_by_its_code(text: str, code: str) -> None:
    with pytest.raises(DateError) as told:
        parse_iso_date(text)
    assert told.value.code == code


@pytest.mark.parametrize(
    ("boxes", "code"),
    [
        (("", "", ""), "format"),
        (("29", "2", "96"), "format"),
        (("29", "февраля", "1996"), "format"),
        (("-1", "2", "1996"), "format"),
        (("029", "2", "1996"), "format"),
        (("²", "2", "1996"), "format"),
        (("30", "2", "1996"), "not_a_date"),
        (("0", "2", "1996"), "not_a_date"),
    ],
)
def test_three_boxes_that_make_no_date_are_refused_by_their_code(boxes: tuple[str, str, str], code: str) -> None:
    with pytest.raises(DateError) as told:
        parse_day_month_year(*boxes)
    assert told.value.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "format"),
        ("44562", "format"),
        ("29.02.96", "format"),
        ("29.02/1996", "format"),
        ("1996/02/29", "format"),
        ("29 Feb 1996", "format"),
        ("02/29/1996", "not_a_date"),
        ("31.04.1996", "not_a_date"),
    ],
)
def test_a_cell_that_holds_no_date_is_refused_by_its_code(text: str, code: str) -> None:
    with pytest.raises(DateError) as told:
        parse_date_cell(text)
    assert told.value.code == code


@pytest.mark.parametrize(
    "text",
    ["1996-02-29", "29.02.1996", "29.2.1996", "29/02/1996", "29-02-1996", " 29.02.1996. ", "٢٩.٠٢.١٩٩٦"],
)
def test_the_notations_of_a_cell_give_one_date(text: str) -> None:
    assert parse_date_cell(text) == date(1996, 2, 29)


def test_slashes_are_day_first() -> None:
    assert parse_date_cell("03/04/1996") == date(1996, 4, 3)


@given(st.dates(date(1000, 1, 1)))
def test_every_date_is_read_back_from_json_and_from_boxes(day: date) -> None:
    assert parse_iso_date(day.isoformat()) == day
    assert parse_day_month_year(f" {day.day}", f"{day.month:02}", str(day.year)) == day


def test_a_birth_to_come_or_long_past_is_implausible() -> None:
    with pytest.raises(DateError) as told:
        plausible_birth_date(date(2026, 11, 22), today=TODAY)
    assert told.value.code == "future"
    with pytest.raises(DateError) as told:
        plausible_birth_date(date(1895, 12, 31), today=TODAY)
    assert told.value.code == "too_old"


@pytest.mark.parametrize("born", [TODAY, date(1896, 1, 1), date(1996, 2, 29)])
def test_a_birth_today_or_on_a_leap_day_is_plausible(born: date) -> None:
    assert plausible_birth_date(born, today=TODAY) == born
