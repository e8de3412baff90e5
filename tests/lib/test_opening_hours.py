"""Opening hours in OpenStreetMap's notation, in their time zone, past midnight and over clock changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.lib.opening_hours import DAYS, HoursError, OpeningHours, parse_hours

BELGRADE = ZoneInfo("Europe/Belgrade")
OFFICE = "Mo-Fr 08:00-20:00; Sa 09:00-14:00"


def hours(text: str, zone: str = "Europe/Belgrade", closed_on: tuple[date, ...] = ()) -> OpeningHours:
    return parse_hours(text, zone=ZoneInfo(zone), closed_on=closed_on)


def state_at(found: OpeningHours, wall: str, fold: int = 0) -> tuple[bool, str]:
    """Return whether it is open at this local time, and until when."""
    state = found.state_at(datetime.fromisoformat(wall).replace(tzinfo=found.zone, fold=fold))
    return state.is_open, f"{state.until:%a %d.%m. %H:%M}" if state.until else ""


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        ("2026-11-30T07:59:59", (False, "Mon 30.11. 08:00")),
        ("2026-11-30T08:00", (True, "Mon 30.11. 20:00")),
        ("2026-11-30T19:59:59", (True, "Mon 30.11. 20:00")),
        ("2026-11-30T20:00", (False, "Tue 01.12. 08:00")),
        ("2026-12-04T20:00", (False, "Sat 05.12. 09:00")),
        ("2026-12-05T14:00", (False, "Mon 07.12. 08:00")),
        ("2026-12-31T21:00", (False, "Fri 01.01. 08:00")),
    ],
)
def test_an_office_is_open_and_closed_by_its_hours(wall: str, expected: tuple[bool, str]) -> None:
    assert state_at(hours(OFFICE), wall) == expected


def test_hours_past_midnight_belong_to_the_day_on_which_they_begin() -> None:
    late = hours("Fr-Su 22:00-02:00")
    assert state_at(late, "2026-12-04T23:00") == (True, "Sat 05.12. 02:00")
    assert state_at(late, "2026-12-07T01:59") == (True, "Mon 07.12. 02:00"), "Sunday night"
    assert state_at(late, "2026-12-07T02:00") == (False, "Fri 11.12. 22:00")
    assert state_at(late, "2026-12-04T01:00") == (False, "Fri 04.12. 22:00"), "Thursday night is not served"


def test_ranges_that_touch_are_one_and_day_and_night_never_ends() -> None:
    assert state_at(hours("Mo 20:00-24:00; Tu 00:00-04:00"), "2026-11-30T21:00") == (True, "Tue 01.12. 04:00")
    assert state_at(hours("24/7"), "2026-11-30T21:00") == (True, "")
    assert state_at(hours("Mo-Su 00:00-24:00"), "2026-11-30T21:00") == (True, "")


def test_a_pause_closes_and_days_may_be_listed() -> None:
    paused = hours("mo,we 9:00-12:00, 13:00-17:00")
    assert state_at(paused, "2026-12-02T12:30") == (False, "Wed 02.12. 13:00")
    assert state_at(paused, "2026-12-01T12:30") == (False, "Wed 02.12. 09:00")
    assert state_at(hours("Sa-Mo 10:00-11:00"), "2026-12-06T10:30")[0], "a range of days over the end of the week"


def test_on_an_exception_nothing_begins_and_what_began_before_goes_on() -> None:
    day = date(2027, 1, 1)
    assert state_at(hours(OFFICE, closed_on=(day,)), "2027-01-01T10:00") == (False, "Sat 02.01. 09:00")
    late = hours("Mo-Su 22:00-02:00", closed_on=(day,))
    assert state_at(late, "2027-01-01T01:00") == (True, "Fri 01.01. 02:00")
    assert state_at(late, "2027-01-01T23:00") == (False, "Sat 02.01. 22:00")


def test_where_the_clock_jumps_ahead_it_opens_when_the_jump_is_over() -> None:
    night = hours("Su 02:30-06:00")
    assert state_at(night, "2027-03-28T01:59:59") == (False, "Sun 28.03. 03:00"), "02:30 does not exist that night"
    assert state_at(night, "2027-03-28T03:00") == (True, "Sun 28.03. 06:00")


def test_where_an_hour_comes_twice_both_count() -> None:
    night = hours("Su 02:10-02:40")
    assert state_at(night, "2027-10-31T02:20") == (True, "Sun 31.10. 02:40")
    assert state_at(night, "2027-10-31T02:50") == (False, "Sun 31.10. 02:10"), "again, an hour by the sun later"
    assert state_at(night, "2027-10-31T02:20", fold=1) == (True, "Sun 31.10. 02:40")
    until = night.state_at(datetime(2027, 10, 31, 2, 20, tzinfo=BELGRADE, fold=1)).until
    assert until is not None
    assert until.utcoffset() == timedelta(hours=1)


def test_open_is_judged_where_the_phone_is() -> None:
    moment = datetime(2026, 11, 30, 1, 30, tzinfo=UTC)
    by_zone = {zone: hours(OFFICE, zone).state_at(moment).is_open for zone in ("Asia/Jakarta", "Asia/Makassar")}
    assert by_zone == {"Asia/Jakarta": True, "Asia/Makassar": True}
    assert not hours(OFFICE).state_at(moment).is_open


WRONG = [
    "", " ", "always", "Mo", "08:00-20:00", "Mo 8-20", "Mo 08:00", "Mo 25:00-26:00", "Mo 08:60-09:00", "Mo 08:00-08:00",
    "Mo 08:00-12:00; Mo 13:00-17:00", "Mo-Fr 08:00-20:00; We 09:00-10:00", "Mo 08:00-12:00,11:00-13:00",
    "Xx 08:00-20:00", "Mo-Xx 08:00-20:00", "Mo 08:00-20:00;", "Mo 08.00-20.00", "Mo 08:00–20:00", "Mo ٠٨:00-20:00",
    "Mo, 08:00-20:00",
]  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_what_can_be_read_in_two_ways_or_not_at_all_is_refused(text: str) -> None:
    with pytest.raises(HoursError, match="hours as 24/7 or like"):
        hours(text)


times = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda pair: pair[0] != pair[1])
rules = st.dictionaries(st.sampled_from(DAYS), times, min_size=1)
zones = st.sampled_from(["Europe/Belgrade", "Asia/Jakarta", "Europe/Moscow", "Australia/Lord_Howe", "America/New_York"])
moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


@given(rules, zones, moments)
def test_until_is_the_first_moment_at_which_it_is_otherwise(
    week: dict[str, tuple[int, int]], zone: str, moment: datetime
) -> None:
    found = hours("; ".join(f"{day} {clock(start)}-{clock(end)}" for day, (start, end) in week.items()), zone)
    state = found.state_at(moment)
    end = state.until or moment + timedelta(days=8)
    step = (end - moment) / 20
    assert {found.state_at(moment + number * step).is_open for number in range(20)} == {state.is_open}
    assert state.until is None or found.state_at(end).is_open != state.is_open
    if state.until and end - moment > timedelta(minutes=1):
        assert found.state_at(end - timedelta(minutes=1)).is_open == state.is_open
