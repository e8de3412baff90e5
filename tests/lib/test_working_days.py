"""Working days of countries: joint leave, moved days off, working Saturdays."""

import subprocess
import sys
import threading
from datetime import date, timedelta
from pathlib import Path

import pytest
from holidays import country_holidays
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.lib.working_days import (
    WorkingCalendar,
    add_working_days,
    is_working_day,
    working_days_between,
)
from tests.clock import disk_now

SERBIA = WorkingCalendar("RS")
INDONESIA = WorkingCalendar("ID", ("public", "government"))
INDONESIA_WITHOUT_JOINT_LEAVE = WorkingCalendar("ID")
RUSSIA = WorkingCalendar("RU")
ALL = (SERBIA, INDONESIA, INDONESIA_WITHOUT_JOINT_LEAVE, RUSSIA)

calendars = st.sampled_from(ALL)
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
numbers = st.integers(0, 60)


def test_a_negative_number_of_days_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_working_days(date(2026, 11, 30), -1, SERBIA)


def test_an_unknown_country_is_refused() -> None:
    with pytest.raises(NotImplementedError):
        is_working_day(date(2026, 11, 30), WorkingCalendar("XX"))


def test_an_unknown_category_is_refused() -> None:
    with pytest.raises(ValueError, match="Category"):
        is_working_day(date(2026, 11, 30), WorkingCalendar("RS", ("joint",)))


def test_after_the_last_day_there_is_none() -> None:
    with pytest.raises(OverflowError):
        add_working_days(date(9999, 12, 31), 1, SERBIA)


@pytest.mark.parametrize(
    ("calendar", "year", "number"),
    [
        (SERBIA, 2026, 252),
        (SERBIA, 2027, 253),
        (INDONESIA, 2026, 240),
        (INDONESIA, 2027, 242),
        (INDONESIA_WITHOUT_JOINT_LEAVE, 2026, 248),
        (INDONESIA_WITHOUT_JOINT_LEAVE, 2027, 250),
        (RUSSIA, 2026, 247),
        (RUSSIA, 2027, 247),
    ],
)
def test_a_year_has_so_many_working_days(calendar: WorkingCalendar, year: int, number: int) -> None:
    assert working_days_between(date(year - 1, 12, 31), date(year, 12, 31), calendar) == number


@pytest.mark.parametrize(
    ("calendar", "day"),
    [
        (SERBIA, date(2026, 2, 17)),  # the 15th was a Sunday
        (SERBIA, date(2027, 5, 4)),  # the 2nd is a Sunday, the 3rd Easter Monday
        (RUSSIA, date(2026, 1, 9)),
        (RUSSIA, date(2026, 12, 31)),
        (RUSSIA, date(2027, 2, 22)),
        (RUSSIA, date(2027, 11, 5)),
        (RUSSIA, date(2027, 12, 31)),
        (INDONESIA, date(2026, 3, 24)),
    ],
)
def test_a_moved_or_joint_day_off_is_no_working_day(calendar: WorkingCalendar, day: date) -> None:
    assert day.weekday() < 5
    assert not is_working_day(day, calendar)


def test_joint_leave_counts_only_where_the_market_says_so() -> None:
    assert is_working_day(date(2026, 3, 24), INDONESIA_WITHOUT_JOINT_LEAVE)


def test_on_a_moved_saturday_people_work() -> None:
    assert date(2027, 2, 20).weekday() == 5
    assert is_working_day(date(2027, 2, 20), RUSSIA)


@pytest.mark.parametrize(
    ("calendar", "day", "number", "due"),
    [
        (SERBIA, date(2026, 12, 30), 5, date(2027, 1, 8)),
        (RUSSIA, date(2026, 12, 30), 1, date(2027, 1, 11)),
        (INDONESIA, date(2026, 3, 16), 7, date(2026, 4, 1)),
        (INDONESIA_WITHOUT_JOINT_LEAVE, date(2026, 3, 16), 7, date(2026, 3, 26)),
        (SERBIA, date(2026, 11, 27), 0, date(2026, 11, 27)),
        (SERBIA, date(2026, 11, 28), 0, date(2026, 11, 30)),
        (SERBIA, date(2026, 11, 28), 1, date(2026, 11, 30)),
    ],
)
def test_a_promise_ends_on_the_working_day_that_was_counted(
    calendar: WorkingCalendar, day: date, number: int, due: date
) -> None:
    assert add_working_days(day, number, calendar) == due


def test_decrees_win_over_the_package() -> None:
    decreed = WorkingCalendar("RS", extra_off=(date(2026, 12, 1),), extra_on=(date(2026, 12, 5),))

    assert not is_working_day(date(2026, 12, 1), decreed)
    assert is_working_day(date(2026, 12, 5), decreed)
    assert add_working_days(date(2026, 11, 30), 4, decreed) == date(2026, 12, 5)


@given(calendars, days, numbers)
def test_counting_gives_back_what_was_added(calendar: WorkingCalendar, day: date, number: int) -> None:
    due = add_working_days(day, number, calendar)

    assert is_working_day(due, calendar)
    if number:
        assert working_days_between(day, due, calendar) == number
        assert working_days_between(day, due - timedelta(days=1), calendar) == number - 1


@given(calendars, days, numbers, numbers)
def test_adding_in_two_parts_is_adding_the_sum(calendar: WorkingCalendar, day: date, first: int, second: int) -> None:
    in_two = add_working_days(add_working_days(day, first, calendar), second, calendar)

    if first:
        assert in_two == add_working_days(day, first + second, calendar)
    assert in_two >= day


@given(calendars, days, days)
def test_nothing_is_between_a_day_and_an_earlier_one(calendar: WorkingCalendar, one: date, other: date) -> None:
    first, second = sorted((one, other))
    assert working_days_between(second, first, calendar) == 0
    assert 0 <= working_days_between(first, second, calendar) <= (second - first).days


def test_many_threads_see_the_same_days() -> None:
    seen: list[int] = []

    def count() -> None:
        seen.append(working_days_between(date(2031, 12, 31), date(2033, 12, 31), SERBIA))

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8
    assert len(set(seen)) == 1


def test_importing_the_module_does_not_load_the_package() -> None:
    check = "import sys, mypolis.foundation.lib.working_days; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


@pytest.mark.parametrize(
    ("country", "category", "mark"),
    [("ID", "government", "Cuti Bersama"), ("RU", "public", "перенесено")],
)
def test_the_package_knows_the_decrees_of_the_coming_60_days(
    country: str, category: str, mark: str, tmp_path: Path
) -> None:
    today = disk_now(tmp_path).date()  # the real day, under another clock too: the package is as old as it is
    needed = (today + timedelta(days=60)).year
    decreed = [
        name for name in country_holidays(country, categories=(category,), years=needed).values() if mark in name
    ]
    assert decreed, (
        f"`holidays` does not know the joint leave or moved days off of {country} in {needed}. Install a newer one "
        f"(`make lock`). If there is none yet, put the decree's days into the market's profile (`extra_off`, "
        f"`extra_on`) and say so here."
    )
