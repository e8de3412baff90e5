"""The clocks of `make calendar`, and which tests it runs."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tests.house.places import ROOT
from tools.other_clocks import other_clocks


@given(st.dates(date(2026, 1, 1), date(2095, 1, 1)))
def test_all_clocks_are_ahead_and_one_more_than_a_year(today: date) -> None:
    ahead = [clock.moment - datetime(today.year, today.month, today.day, tzinfo=UTC) for clock in other_clocks(today)]
    assert all(timedelta(days=1) < far for far in ahead)
    assert any(far > timedelta(days=365) for far in ahead)


@given(st.dates(date(2026, 1, 1), date(2095, 1, 1)))
def test_they_are_a_new_year_a_leap_day_and_a_change_of_the_clock(today: date) -> None:
    year_end, leap, summer = (clock.moment for clock in other_clocks(today))
    assert (year_end + timedelta(minutes=10)).timetuple()[1:5] == (1, 1, 0, 0)
    assert (leap.month, leap.day, leap.astimezone(ZoneInfo("Asia/Jakarta")).hour) == (2, 29, 23)
    belgrade = ZoneInfo("Europe/Belgrade")
    later = (summer + timedelta(minutes=20)).astimezone(belgrade)
    assert (summer.astimezone(belgrade).hour, later.hour) == (1, 3)


def test_tests_that_ask_over_http_or_start_processes_are_left_out() -> None:
    modules = ["tests/lib/test_dates.py", "tests/people/test_people_on_file.py"]
    above = ["tests/web/safety/test_sessions.py", "tests/family/test_pages.py", "tests/test_benchmarks.py"]
    command = [sys.executable, "-m", "pytest", "--collect-only", "-n0", "-p", "tests.below_http", *modules, *above]
    plain = {**os.environ, "PYTEST_ADDOPTS": ""}  # a -vv meant for these tests would change what the inner run prints
    told = subprocess.run(command, cwd=ROOT, env=plain, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout
    assert [module for module in (*modules, *above) if module in told.stdout] == modules
