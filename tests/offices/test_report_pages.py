"""Reports at the desk: Olga, an operator, reads sums. No row tells about a person, and each file is recorded."""

import csv
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from python_calamine import CalamineWorkbook

from mypolis.foundation.events.models import Event
from mypolis.foundation.lib.tables.safe_csv import BYTE_ORDER_MARK
from mypolis.offices.reports.event_kinds import ReportEvent
from mypolis.offices.reports.limits import REPORT_FILES
from mypolis.offices.reports.sums.catching_up import catch_up
from mypolis.offices.reports.sums.small_groups import Groups
from mypolis.offices.reports.tables import table
from mypolis.offices.reports.tables.all_reports import REPORTS
from mypolis.offices.reports.tables.table import Table
from tests.offices.report_world import ID, appealed, at, claim, cover, day, decided, month, paid
from tests.staff.world import Colleague, at_desk, colleague

pytestmark = pytest.mark.django_db
BASE = "/desk/id/reports/"


@pytest.fixture
def olga() -> Colleague:
    """An operator."""
    return colleague("Olga", "operator", market="id")


@pytest.fixture
def desk(olga: Colleague) -> Client:
    """Her browser."""
    return at_desk(olga)


@pytest.fixture
def summed() -> None:
    """A month in which six people saw a doctor and one had a baby."""
    for number in range(6):
        one = decided(claim(cover(number)), on=day(10), outcome="rejected" if number == 5 else "approved")
        paid(one, on=day(11))
        if number == 5:
            appealed(one)
    paid(decided(claim(cover(9), benefit="maternity"), on=day(14), granted="77"), amount="77")
    catch_up(ID, at(day(20)))


def this_month() -> dict[str, str]:
    return {"month": f"{month().first:%Y-%m}"}


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_an_unknown_report_is_not_found(desk: Client) -> None:
    assert desk.get(f"{BASE}salaries/").status_code == 404
    assert desk.post(f"{BASE}salaries/file/", {**this_month(), "form": "csv"}).status_code == 404


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_without_figures_says_so(desk: Client, name: str) -> None:
    page = text_of(desk.get(f"{BASE}{name}/", this_month()))
    assert "No day is summed yet" in page


@pytest.mark.parametrize("name", REPORTS)
def test_a_month_that_nobody_offers_shows_the_newest(desk: Client, name: str) -> None:
    for wrong in ("1999-01", "x", "2026-13", "'--"):
        assert desk.get(f"{BASE}{name}/", {"month": wrong}).status_code == 200


@pytest.mark.parametrize("name", REPORTS)
def test_a_page_reads_sums_with_few_statements(
    summed: None, desk: Client, name: str, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(15):
        page = text_of(desk.get(f"{BASE}{name}/", this_month()))
    assert "Summed up to" in page


def test_a_benefit_of_one_person_is_never_alone_in_a_row(summed: None, desk: Client) -> None:
    for name in ("turnaround", "rates", "spend"):
        page = text_of(desk.get(f"{BASE}{name}/", this_month()))
        assert "maternity" not in page, name
        assert "Other benefits" in page, name


def test_figures_about_too_few_people_are_not_shown(desk: Client) -> None:
    decided(claim(cover(9), benefit="maternity"), on=day(14), granted="77")
    catch_up(ID, at(day(20)))
    page = text_of(desk.get(f"{BASE}spend/", this_month()))
    assert "&lt; 5" in page
    assert "maternity" not in page


def test_a_page_writes_days_months_and_numbers_as_its_language_does() -> None:
    days = Table("", ("Day", "A", "B", "C", "D"), [("2026-11-09", 1234, Decimal("5250.00"), None, "< 5")], "day")
    months = Table("", ("Month", "A"), [("2026-11", 0)], "month")
    with translation.override("en"):
        assert days.rows_on_page == [["09/11/2026", "1,234", "5,250.00", "–", "< 5"]]
        assert months.rows_on_page == [["November 2026", "0"]]
    with translation.override("ru"):
        assert days.rows_on_page[0][:2] == ["09.11.2026", "1\xa0234"]
        assert months.rows_on_page[0][0] == "Ноябрь 2026\xa0г."


def test_all_reports_are_listed(desk: Client) -> None:
    page = text_of(desk.get(BASE))
    assert [name for name in REPORTS if f"{BASE}{name}/" not in page] == []


def test_reports_are_not_for_assessors() -> None:
    assert at_desk(colleague("Vesna", "assessor", market="id")).get(BASE).status_code == 404


def rows_of(answer: Any) -> list[list[str]]:
    return list(csv.reader(StringIO(text_of(answer).removeprefix(BYTE_ORDER_MARK))))


def test_a_file_says_of_what_it_is_and_who_made_it(summed: None, desk: Client) -> None:
    answer = desk.post(f"{BASE}rates/file/", {**this_month(), "form": "csv"})
    assert answer["Cache-Control"] == "no-store"
    rows = rows_of(answer)
    head = {row[0]: row[1] for row in rows[:6]}
    assert head["Made by"] == "Olga"
    assert head["Market"] == str(ID.name)
    assert head["Period"] == f"{month().first} – {month().last}"
    assert ["Other benefits", "7", "71.4", "14.3", "14.3", "0", "< 5", "0", "0"] in rows
    assert Event.objects.get(kind=ReportEvent.REPORT_FETCHED).facts == {
        "report": "rates",
        "since": f"{month().first:%Y-%m}",
        "form": "csv",
    }


def test_the_name_of_a_colleague_is_no_formula(summed: None) -> None:
    eva = colleague("Eva", "operator", market="id")
    eva.account.name = "=HYPERLINK(1)"
    eva.account.save()
    browser = at_desk(eva)
    rows = rows_of(browser.post(f"{BASE}rates/file/", {**this_month(), "form": "csv"}))
    assert ["Made by", "'=HYPERLINK(1)"] in rows


@pytest.mark.parametrize("name", REPORTS)
def test_a_workbook_has_a_sheet_for_each_table(summed: None, desk: Client, name: str) -> None:
    answer = desk.post(f"{BASE}{name}/file/", {**this_month(), "form": "xlsx"})
    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    assert len(book.sheet_names) == 1 + len(REPORTS[name].make(month()).tables)


def test_a_file_of_no_kind_or_month_is_refused(desk: Client) -> None:
    desk.post(f"{BASE}rates/file/", {**this_month(), "form": "exe"})
    desk.post(f"{BASE}rates/file/", {"month": "1999-01", "form": "csv"})
    desk.post(f"{BASE}rates/file/", {"form": "csv"})
    assert not Event.objects.filter(kind=ReportEvent.REPORT_FETCHED).exists()


def test_a_file_needs_a_factor_that_was_shown_lately(olga: Colleague) -> None:
    at_desk(olga, minutes_ago=10).post(f"{BASE}rates/file/", {**this_month(), "form": "csv"})
    assert not Event.objects.filter(kind=ReportEvent.REPORT_FETCHED).exists()


def test_files_are_limited(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for _one in range(REPORT_FILES.most):
        assert desk.post(f"{BASE}ageing/file/", {**this_month(), "form": "csv"}).status_code == 200
    assert desk.post(f"{BASE}ageing/file/", {**this_month(), "form": "csv"}).status_code == 429


def test_benefits_have_names_and_a_name_of_two_has_the_key_too(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"gp": {"en": "Doctor", "id": "Dokter"}, "spec": {"en": "Doctor"}, "teeth": {"en": "Teeth"}}
    monkeypatch.setattr(table, "benefit_names", lambda _market: names)
    rows = table.rows_by_benefit(month(), Groups(("gp", "old", "spec", "teeth", ""), ("few",), is_hidden=False))
    assert [first for first, _keys in rows] == ["Doctor (gp)", "old", "Doctor (spec)", "Teeth", "–", "Other benefits"]
    with translation.override("id"):
        assert table.rows_by_benefit(month(), Groups(("gp",), (), is_hidden=False))[0] == ("Dokter", ("gp",))
