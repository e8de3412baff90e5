"""Whom to call: the market's numbers, those that answer now first, and never a closed one alone."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from mypolis.checks import findings_about
from mypolis.demo.samples.cover import BOOKS
from mypolis.foundation.lib.opening_hours import parse_hours
from mypolis.foundation.markets import market
from mypolis.foundation.markets.emergency import EmergencyLine
from mypolis.foundation.web.branding.brand import read_brand
from mypolis.insurance.emergencies import lines
from mypolis.insurance.emergencies.lines import Line, all_lines, help_for, lines_for

BRANDS = BOOKS.parents[1] / "brands"


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Stop the clocks at an hour of a Monday in winter, UTC."""
    return lambda hour: monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 30, hour, tzinfo=UTC))


@pytest.mark.parametrize(
    ("code", "words", "first"),
    [
        ("rs", "bol u grudima", "tel:194"),
        ("id", "sesak nafas berat", "tel:119"),
        ("ru", "задыхаюсь", "tel:103"),
        ("rs", "muž me tuče", "tel:192"),
        ("id", "ingin bunuh diri", "tel:119,8"),
        ("ru", "хочу умереть", "tel:112"),
    ],
)
def test_the_number_to_call_comes_first(code: str, words: str, first: str) -> None:
    found = help_for(words, market(code))
    assert found is not None
    assert found.lines[0].tel == first


@pytest.mark.parametrize(("hour", "first"), [(14, "0800 300 303"), (4, "011 7777-000"), (22, "011 7777-000")])
def test_a_crisis_line_that_is_closed_gives_way_to_one_that_answers(
    at: Callable[[int], None], hour: int, first: str
) -> None:
    at(hour)
    lines = lines_for("suicide", market("rs"))
    assert lines[0].phone == first
    assert [line.phone for line in lines if line.is_open is False] == ([] if hour == 14 else ["0800 300 303"])
    assert lines[-1].phone == "194"


def test_where_no_line_is_for_adults_in_despair_the_childrens_comes_last() -> None:
    assert [line.kind for line in lines_for("suicide", market("ru"))] == ["all", "ambulance", "children"]


def test_the_insurers_line_for_adults_in_despair_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    regional = EmergencyLine(kind="crisis", phone="051", label="Moscow")
    monkeypatch.setattr(lines, "lines_of", lambda profile: [*profile.emergency_lines, regional])
    assert [line.kind for line in lines_for("suicide", market("ru"))] == ["crisis", "ambulance", "all", "children"]


def test_where_every_line_for_adults_in_despair_is_closed_somebody_else_answers_first(
    monkeypatch: pytest.MonkeyPatch, at: Callable[[int], None]
) -> None:
    hours = parse_hours("Mo-Su 09:00-18:00", zone=ZoneInfo("Europe/Moscow"))
    by_day = EmergencyLine(kind="crisis", phone="051", label="Moscow", hours=hours)
    monkeypatch.setattr(lines, "lines_of", lambda profile: [*profile.emergency_lines, by_day])
    at(23)
    kinds = [line.kind for line in lines_for("suicide", market("ru"))]
    assert kinds == ["all", "ambulance", "crisis", "children"]


@pytest.mark.parametrize(("hour", "numbers"), [(4, ["1500-000"]), (20, ["0800 000 0001", "1500-000"])])
def test_after_a_death_somebody_answers_at_any_hour(at: Callable[[int], None], hour: int, numbers: list[str]) -> None:
    at(hour)
    found = help_for("suami saya meninggal", market("id"))
    assert found is not None
    assert [line.phone for line in found.lines] == numbers


@pytest.mark.parametrize("code", ["rs", "id", "ru"])
@pytest.mark.parametrize("kind", ["chest", "suicide", "violence", "fire"])
def test_an_ambulance_is_always_among_them(code: str, kind: str) -> None:
    lines = lines_for(kind, market(code))  # type: ignore[arg-type]
    assert "ambulance" in {line.kind for line in lines}
    assert lines[0].is_open is not False


def test_the_insurers_own_line_of_a_kind_stands_in_place_of_the_markets() -> None:
    numbers = [line.phone for line in all_lines(market("rs"))]
    assert numbers.count("194") == 1
    assert numbers[0] == "0800 000-001"


@pytest.mark.parametrize(
    ("phone", "tel"),
    [
        ("194", "tel:194"),
        ("+381 11 77", "tel:+3811177"),
        ("119 ext. 8", "tel:119,8"),
        ("8 800 2000-122", "tel:88002000122"),
    ],
)
def test_a_number_is_dialled_as_it_is_written(phone: str, tel: str) -> None:
    assert Line("crisis", "", phone).tel == tel


@pytest.mark.parametrize("line", ['kind = "friend"', 'hours = "8-20"', 'hours = "Mo-Su 24:00-25:00"'])
def test_a_line_that_cannot_be_read_stops_the_start(tmp_path: Path, line: str) -> None:
    text = (BRANDS / "rs" / "brand.toml").read_text(encoding="utf-8")
    (tmp_path / "logo.svg").write_text("<svg/>")
    (tmp_path / "brand.toml").write_text(text.replace('kind = "insurer"', line, 1))
    with pytest.raises(ImproperlyConfigured, match="emergency"):
        read_brand(tmp_path, market("rs"))


def test_hours_of_a_line_are_data(tmp_path: Path) -> None:
    text = (BRANDS / "rs" / "brand.toml").read_text(encoding="utf-8")
    (tmp_path / "logo.svg").write_text("<svg/>")
    (tmp_path / "brand.toml").write_text(
        text.replace('kind = "insurer"', 'kind = "crisis"\nhours = "Mo-Su 20:00-02:00"', 1)
    )
    brand = read_brand(tmp_path, market("rs"))
    hours = brand.emergency_lines[0].hours
    assert hours is not None
    at = [hours.state_at(datetime(2026, 1, 1, hour, tzinfo=hours.zone)) for hour in (19, 20, 1, 2)]
    assert [state.is_open for state in at] == [False, True, True, False]
    assert [line.kind for line in brand.emergency] == ["ambulance"]  # on cards


def test_a_market_without_an_ambulance_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "lines_of", lambda _profile: [])
    assert any("ambulance" in finding for finding in findings_about([market("rs")]))
