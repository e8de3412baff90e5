"""The claims desk in Chromium: a claim is decided by keyboard, papers stay where they were, pages are for everybody."""

import io
import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from mypolis.foundation.files.models import ReceivedFile
from mypolis.insurance.claims.desk.outcomes.waiting import record_overdue
from mypolis.insurance.claims.models import Claim, ClaimInHand, WaitingDecision
from mypolis.membership.accounts.models import Account
from mypolis.membership.people.models import Person
from tests.claims.desk.pages import Assessor, assessor
from tests.claims.owned import clean_file
from tests.claims.verdicts import questioned
from tests.claims.world import bill, reread, sent
from tests.e2e.walking.accessibility import PHONE, WIDE, Inspector
from tests.e2e.walking.browsing import CHROMIUM, FLAGS
from tests.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e"), pytest.mark.django_db(transaction=True)]
MOST_KEYS = 12
LINES = """one => {
  const all = document.createRange();
  all.selectNodeContents(one);
  return all.getClientRects().length;
}"""
"""On how many lines a text is."""
UNCOVERED = """one => {
  const { x, y, width, height } = one.getBoundingClientRect();
  return document.elementFromPoint(x + width / 2, y + height / 2) === one;
}"""
"""Whether a field is in view, and not under a head or a bar that stays."""


@contextmanager
def browser_of(one: Assessor, live_server: LiveServer, *, script: bool = True) -> Iterator[BrowserContext]:
    """A Chromium in which somebody is signed in at the desk. Errors of scripts and of the policy fail the test."""
    faults: list[str] = []
    token = one.browser.cookies["staff-desk"].value
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(viewport=WIDE, locale="en", service_workers="block", java_script_enabled=script)
        expect.set_options(timeout=30_000)  # a busy machine needs longer than five seconds
        context.add_cookies([{"name": "staff-desk", "value": token, "url": live_server.url}])
        context.on("weberror", lambda error: faults.append(str(error.error)))
        context.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
        yield context
        browser.close()
    assert faults == []


class Keyboard:
    """Presses keys, and counts them."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, key: str) -> None:
        """Press a key that leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        self.pressed += 1


def let_a_minute_pass() -> None:
    """Record what was decided, in a thread, because Playwright's own runs an event loop."""

    def record() -> None:
        record_overdue(timezone.now() + timedelta(minutes=5))
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(record).result()


@pytest.fixture
def claim(budi: Account) -> Claim:
    """A claim of two bills with three checked papers, which are real pictures."""
    found = sent(budi, bill(budi, "20.00", text="Konsultasi"), bill(budi, "30.00", text="Kontrol"))
    picture = io.BytesIO()
    Image.new("RGB", (707, 1000), "white").save(picture, "JPEG")
    ReceivedFile.objects.of(found).delete()
    for content in (b"1", b"2", b"3"):
        clean_file(found, content, picture.getvalue())
    return found


def test_a_claim_is_decided_with_a_few_keys(claim: Claim, live_server: LiveServer) -> None:
    rina = assessor("Rina")
    address = f"{live_server.url}{rina.address(claim)}"
    with browser_of(rina, live_server) as context:
        page = context.new_page()
        page.goto(address)
        keyboard = Keyboard(page)
        keyboard.press("t")
        expect(page.get_by_role("heading", name="Papers")).to_be_visible()
        keyboard.press("d")
        expect(page.get_by_role("heading", name="What the member will read")).to_be_visible()
        keyboard.press("y")
        expect(page.get_by_text("Take the decision back").first).to_be_visible()
        keyboard.press("u")
        expect(page.get_by_text("In your hands")).to_be_visible()
        keyboard.press("d")
        keyboard.press("y")
        let_a_minute_pass()
        page.reload()
        expect(page.get_by_text("To be paid")).to_be_visible()
    assert keyboard.pressed <= MOST_KEYS
    assert reread(claim).state == "to_be_paid"


def test_a_line_is_changed_by_keyboard_and_keys_are_silent_while_one_types(
    claim: Claim, live_server: LiveServer
) -> None:
    rina = assessor("Rina")
    rina.takes(claim)
    with browser_of(rina, live_server) as context:
        page = context.new_page()
        page.goto(f"{live_server.url}{rina.address(claim)}")
        keyboard = Keyboard(page)
        page.keyboard.press("j")
        page.keyboard.press("j")
        keyboard.press("Enter")
        page.keyboard.type("12")
        page.keyboard.press("Tab")
        page.locator("[name=reason]").select_option("too_many")
        page.locator("[name=note]").focus()
        page.keyboard.type("d u t y ? c")
        assert page.locator("[name=note]").input_value() == "d u t y ? c"
        page.locator("[name=reason]").focus()
        keyboard.press("Control+Enter")
        expect(page.locator("#line-1")).to_contain_text("IDR 12")
        page.keyboard.press("?")
        expect(page.get_by_text("Decide as shown")).to_be_visible()
        page.get_by_label("Use keys").uncheck()
        page.keyboard.press("d")
        page.reload()
        page.keyboard.press("d")
        expect(page.get_by_role("heading", name="Papers")).to_be_visible()


def test_papers_are_turned_and_stay_where_they_were(claim: Claim, live_server: LiveServer) -> None:
    rina = assessor("Rina")
    rina.takes(claim)
    with browser_of(rina, live_server) as context:
        page = context.new_page()
        page.goto(f"{live_server.url}{rina.address(claim)}")
        figures = page.locator("[data-pages] figure")
        for key in (".", ".", ".", ",", "r", "r", "+"):
            page.keyboard.press(key)
        expect(figures.nth(1)).to_have_attribute("data-turned", "180")
        wide = figures.nth(1).evaluate("one => one.offsetWidth")
        page.reload()
        expect(page.locator("[data-page-place]")).to_have_text("2/3")
        expect(figures.nth(1)).to_have_attribute("data-turned", "180")
        expect(figures.nth(1)).to_have_js_property("offsetWidth", wide)
        expect(figures.nth(1)).to_be_in_viewport()
        expect(figures.nth(1).locator("img")).to_have_js_property("naturalWidth", 707)


def test_the_paper_in_view_stays_there_while_it_is_made_larger_and_turned(
    claim: Claim, live_server: LiveServer
) -> None:
    rina = assessor("Rina")
    rina.takes(claim)
    with browser_of(rina, live_server) as context:
        page = context.new_page()
        page.emulate_media(reduced_motion="reduce")
        for size in (WIDE, PHONE):
            page.set_viewport_size(size)
            page.goto(f"{live_server.url}{rina.address(claim)}")
            second = page.locator("[data-pages] figure").nth(1)
            expect(second.locator("img")).to_have_js_property("complete", value=True)
            page.keyboard.press(".")
            before = second.evaluate("one => one.getBoundingClientRect().top")
            for key in "++++r":
                page.keyboard.press(key)
            assert abs(second.evaluate("one => one.getBoundingClientRect().top") - before) < 2
            page.evaluate("sessionStorage.clear()")


def test_without_script_a_claim_is_decided_too(claim: Claim, live_server: LiveServer) -> None:
    rina = assessor("Rina")
    with browser_of(rina, live_server, script=False) as context:
        page = context.new_page()
        page.goto(f"{live_server.url}{rina.address(claim)}")
        page.get_by_role("button", name="Take").click()
        expect(page.locator("[data-page-tools]")).to_be_hidden()
        expect(page.locator("[data-pages] a")).to_have_count(3)
        page.get_by_role("link", name="Read and decide").click()
        page.get_by_role("button", name="Approve a part").click()
        page.get_by_role("button", name="Take the decision back").click()
        page.get_by_role("link", name="Read and decide").click()
        page.get_by_role("button", name="Approve a part").click()
        let_a_minute_pass()
        page.reload()
        expect(page.get_by_text("To be paid")).to_be_visible()


def test_on_a_phone_without_script_what_is_wrong_with_a_line_or_a_question_is_in_view(
    claim: Claim, live_server: LiveServer
) -> None:
    rina = assessor("Rina")
    rina.takes(claim)
    with browser_of(rina, live_server, script=False) as context:
        page = context.new_page()
        page.emulate_media(reduced_motion="reduce")  # else a field is uncovered while the page scrolls
        page.set_viewport_size(PHONE)
        page.goto(f"{live_server.url}{rina.address(claim)}")
        page.locator("#line-1 a").click()
        until(lambda: page.locator("[name=granted]").evaluate(UNCOVERED), every=0.2, otherwise=lambda: "it is covered")
        page.locator("[name=granted]").fill("much")
        page.get_by_role("button", name="Save the line").click()
        expect(page.locator(".errors")).to_be_in_viewport()
        expect(page.locator("[name=granted]")).to_have_value("much")
        page.locator("[name=granted]").fill("1")
        page.locator("[name=reason]").select_option("too_many")
        page.get_by_role("button", name="Save the line").click()
        expect(page.locator("#line-1")).to_be_in_viewport()
        page.goto(f"{live_server.url}{rina.address(claim, 'questions')}")
        page.get_by_role("button", name="Ask all at once").click()
        expect(page.locator(".errors p")).to_be_in_viewport(ratio=1)


def test_on_a_phone_tables_fit_and_a_claims_number_stays_on_one_line(claim: Claim, live_server: LiveServer) -> None:
    rina, wider = assessor("Rina"), "one => one.scrollWidth > one.clientWidth"
    rina.takes(claim)
    with browser_of(rina, live_server) as context:
        page = context.new_page()
        page.set_viewport_size(PHONE)
        for name in ("facts", "earlier", "history"):
            page.goto(f"{live_server.url}{rina.address(claim, name)}")
            for table in page.locator(".table-scroll").all():
                assert not table.evaluate(wider), f"a table of {name} scrolls sideways"
        page.goto(f"{live_server.url}{rina.address(claim, 'hand-over')}")
        number = page.locator("h1").get_by_text(claim.number, exact=True)
        assert number.evaluate("one => one.getClientRects().length") == 1


def test_on_a_phone_a_long_russian_word_beside_a_value_is_not_broken(claim: Claim, live_server: LiveServer) -> None:
    Person.objects.filter(memberships=claim.membership_id).update(given_name="Kusumawardhani", surname="Hadinata")
    rina = assessor("Rina")
    rina.takes(claim)
    with browser_of(rina, live_server, script=False) as context:
        page = context.new_page()
        page.set_viewport_size(PHONE)
        page.goto(f"{live_server.url}{rina.address(claim)}")
        page.get_by_role("button", name="Русский").click()
        term = page.locator("dt", has_text=re.compile("^Застрахованный$"))
        assert term.evaluate(LINES) == 1


def test_every_page_is_for_everybody(budi: Account, claim: Claim, live_server: LiveServer) -> None:
    rina, agus = assessor("Rina"), assessor("Agus")
    rina.takes(claim)
    others = sent(budi, content=b"1")
    agus.takes(others)
    questioned(sent(budi, content=b"2"))
    entered, stopped = sent(budi, content=b"3"), sent(budi, content=b"4")
    for one in (entered, stopped):
        rina.takes(one)
        rina.enters(one)
    WaitingDecision.objects.filter(claim=stopped).update(is_stopped=True)
    places = {
        "queue": "/desk/id/claims/",
        "start": "/desk/id/",
        "claim": rina.address(claim),
        "line": f"{rina.address(claim)}?line=0",
        "decision": rina.address(claim, "decision"),
        **{name: rina.address(claim, name) for name in ("facts", "earlier", "questions", "history", "member-view")},
        "hand over": rina.address(claim, "hand-over"),
        "closed": rina.address(others),
        "decided": rina.address(entered),
        "not recorded": rina.address(stopped),
    }
    inspector = Inspector()
    with browser_of(rina, live_server) as context:
        page = context.new_page()
        page.set_viewport_size(PHONE)
        for state, address in places.items():
            page.goto(f"{live_server.url}{address}")
            inspector.look(page, state=state)
    assert inspector.faults == []


@pytest.mark.parametrize("script", [True, False])
def test_claims_are_handed_over_together(budi: Account, claim: Claim, live_server: LiveServer, script: bool) -> None:
    maya, agus, others = assessor("Maya", "senior-assessor"), assessor("Agus"), [sent(budi, content=b"2"), sent(budi)]
    agus.takes(others[0])
    inspector, pictures = Inspector(), os.environ.get("MYPOLIS_TEST_PICTURES", "")
    with browser_of(maya, live_server, script=script) as context:
        page = context.new_page()

        def look(state: str) -> None:
            if script:
                page.set_viewport_size(PHONE)
                inspector.look(page, state=state)
            for width in (360, 768, 1280) if pictures and script else ():
                page.set_viewport_size({"width": width, "height": 900})
                page.screenshot(path=f"{pictures}/{state}-{width}.png", full_page=True)

        page.goto(f"{live_server.url}/desk/id/claims/?whose=")
        for one in (claim, *others):
            page.get_by_label(one.number, exact=True).check()
        look("queue with acts")
        page.get_by_role("button", name="Hand over").click()
        look("to whom")
        page.get_by_label("Colleague").select_option("Agus")
        page.get_by_role("button", name="Show what will happen").click()
        expect(page.get_by_text("This colleague has it in hand already.")).to_be_visible()
        look("preview")
        page.get_by_role("button", name="Hand them over").click()
        expect(page.get_by_role("heading", name="Not done")).to_be_visible()
        look("done")
    assert inspector.faults == []
    assert set(ClaimInHand.objects.values_list("name", flat=True)) == {"Agus"}
    assert ClaimInHand.objects.count() == 3
