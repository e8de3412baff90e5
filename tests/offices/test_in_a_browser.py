"""Reports and the audit in a browser: axe finds nothing, nothing is cut on a phone, no script fails."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer

from mypolis.offices.audit.verifying import ask, verify_slice
from mypolis.offices.reports.claim_lists.flows import ask_for_list
from mypolis.offices.reports.claim_lists.writing import write_list
from mypolis.offices.reports.sums.catching_up import catch_up
from mypolis.offices.reports.tables.all_reports import REPORTS
from tests.e2e.walking.accessibility import PHONE, Inspector
from tests.e2e.walking.browsing import CHROMIUM, FLAGS
from tests.files.conftest import folder
from tests.offices.report_world import ID, at, claim, cover, day, decided, month, paid
from tests.offices.test_audit_search import happened
from tests.staff.world import Colleague, at_desk, colleague

__all__ = ["folder"]
pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e"), pytest.mark.django_db(transaction=True)]


def places_of(olga: Colleague) -> list[str]:
    """The addresses of all pages, with figures of a month, events, a list and a verification."""
    for number in range(6):
        paid(decided(claim(cover(number)), on=day(3 * number + 5)), on=day(25))
    decided(claim(cover(9), benefit="maternity"), on=day(14))
    claim(cover(10), state="in_review")
    catch_up(ID, at(day(27)))
    write_list(ask_for_list(span=month(), by=olga.actor).pk)
    row = happened("claim.changed", market="id", subject="claims.claim:1", facts={"code": "excluded", "after": "paid"})
    ask(market="id", by=olga.actor)
    verify_slice()
    named = f"?month={month().first:%Y-%m}"
    reports = [f"reports/{name}/{named}" for name in REPORTS]
    return [
        "reports/",
        *reports,
        "reports/claims/",
        "audit/",
        f"audit/events/{row.pk}/",
        "audit/verify/",
        "audit/export/",
    ]


def test_every_page_is_for_everybody(live_server: LiveServer, folder: Path) -> None:
    olga = colleague("Olga", "operator", "auditor", market="id")
    token, places = at_desk(olga).cookies["staff-desk"].value, places_of(olga)
    inspector, faults, pictures = Inspector(), list[str](), os.environ.get("MYPOLIS_TEST_PICTURES", "")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(viewport=PHONE, locale="en", service_workers="block")
        context.add_cookies([{"name": "staff-desk", "value": token, "url": live_server.url}])
        context.on("weberror", lambda error: faults.append(str(error.error)))
        page = context.new_page()
        for place in places:
            answer = page.goto(f"{live_server.url}/desk/id/{place}")
            assert answer is not None
            assert answer.status == 200, place
            inspector.look(page, state=place)
            if pictures:
                name = place.partition("?")[0].replace("/", "-")
                page.screenshot(path=f"{pictures}/{name}phone.png", full_page=True)
                page.set_viewport_size({"width": 1280, "height": 900})
                page.screenshot(path=f"{pictures}/{name}wide.png", full_page=True)
                page.set_viewport_size(PHONE)
        browser.close()
    assert inspector.faults == []
    assert faults == []
