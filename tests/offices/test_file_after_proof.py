"""A file of the desk after somebody showed a factor again: a page offers it, because a file replaces no page."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from mypolis.foundation.events.models import Event
from mypolis.foundation.markets import market
from mypolis.offices.reports.event_kinds import ReportEvent
from tests.e2e.walking.browsing import CHROMIUM, FLAGS
from tests.staff.world import Colleague, at_desk, colleague, lock

REPORT = "/desk/id/reports/turnaround/"
YESTERDAY = market("id").today() - timedelta(days=1)
MONTH = {"month": f"{YESTERDAY:%Y-%m}", "form": "csv"}
PROOF = {"desk_proof": "1", "desk_was_sent": "1"}


@pytest.fixture
def olga() -> Colleague:
    """An operator and auditor."""
    return colleague("Olga", "operator", "auditor", market="id")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        f"{REPORT}file/",
        "/desk/id/reports/claims/7/file/",
        "/desk/id/payments/P-2026-000007/file/",
        "/desk/id/audit/export/",
    ],
)
def test_the_page_that_asked_for_a_factor_does_not_stay_behind_a_file(olga: Colleague, address: str) -> None:
    desk = at_desk(olga, minutes_ago=6)
    desk.post(address, MONTH, headers={"referer": "http://testserver/desk/id/reports/"})
    proven = desk.post(address, {**MONTH, **PROOF, "desk_back": "/desk/id/reports/", "code": olga.code()})
    page = proven.content.decode()
    assert proven.status_code == 200
    assert "Content-Disposition" not in proven
    assert 'href="/desk/id/reports/"' in page
    assert f'name="month" value="{MONTH["month"]}"' in page, "what was chosen is not lost"
    assert "desk_proof" not in page


@pytest.mark.django_db
def test_the_button_after_the_proof_fetches_the_file(olga: Colleague) -> None:
    desk = at_desk(olga, minutes_ago=6)
    asked = desk.post(f"{REPORT}file/", MONTH, headers={"referer": f"http://testserver{REPORT}?month={MONTH['month']}"})
    assert "Afterwards you can fetch the file." in asked.content.decode()
    kept = dict(re.findall(r'type="hidden" name="(desk_\w+|month|form)" value="([^"]*)"', asked.content.decode()))
    assert kept["desk_back"] == f"{REPORT}?month={MONTH['month']}"
    desk.post(f"{REPORT}file/", {**kept, "code": olga.code()})
    assert not Event.objects.filter(kind=ReportEvent.REPORT_FETCHED).exists(), "nobody has fetched it yet"
    file = desk.post(f"{REPORT}file/", MONTH)
    assert "attachment" in file["Content-Disposition"]


@pytest.mark.django_db
def test_a_locked_session_offers_the_file_too_and_a_wrong_code_keeps_the_way_back(olga: Colleague) -> None:
    desk = at_desk(olga)
    lock(olga)
    wrong = f"{(int(olga.code()) + 1) % 1_000_000:06}"
    sent = {**MONTH, **PROOF, "desk_back": REPORT}
    again = desk.post(f"{REPORT}file/", {**sent, "code": wrong})
    assert again.status_code == 403
    assert f'name="desk_back" value="{REPORT}"' in again.content.decode()
    assert "Content-Disposition" not in desk.post(f"{REPORT}file/", {**sent, "code": olga.code()})


@pytest.mark.django_db
@pytest.mark.parametrize("elsewhere", ["https://evil.example/desk/", "//evil.example/desk/", "/id/", "javascript:1"])
def test_the_way_back_never_leaves_the_desk(olga: Colleague, elsewhere: str) -> None:
    desk = at_desk(olga, minutes_ago=6)
    sent = {**MONTH, **PROOF, "desk_back": elsewhere, "code": olga.code()}
    assert 'class="back"' not in desk.post(f"{REPORT}file/", sent).content.decode()


@pytest.mark.e2e
@pytest.mark.xdist_group("e2e")
@pytest.mark.django_db(transaction=True)
def test_a_button_that_fetched_a_file_does_not_say_that_it_is_still_sending(
    live_server: LiveServer, olga: Colleague
) -> None:
    token = at_desk(olga).cookies["staff-desk"].value
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(locale="en", service_workers="block")
        context.add_cookies([{"name": "staff-desk", "value": token, "url": live_server.url}])
        page = context.new_page()
        page.clock.install()
        page.goto(f"{live_server.url}{REPORT}")
        with page.expect_download():
            page.get_by_role("button", name="CSV").click()
        page.clock.run_for(5_000)
        expect(page.get_by_text("Sending… please wait.")).to_have_count(0)
        browser.close()
