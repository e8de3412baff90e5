"""The search in the header of every page of the desk, for whoever may search for people."""

import os
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from mypolis.foundation.events.models import Event
from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.rooms import Role
from mypolis.foundation.staff.team.role_changes import give_role
from tests.cast import JELENA, on_file
from tests.e2e.walking.accessibility import PHONE, Inspector
from tests.e2e.walking.browsing import CHROMIUM, FLAGS
from tests.staff.world import Colleague, at_desk, colleague

pytestmark = pytest.mark.django_db

BOX = 'id="desk-search"'


@pytest.fixture
def mila() -> Colleague:
    """An agent in Serbia."""
    return colleague("Mila", "agent")


@pytest.mark.parametrize("role", ["editor", "auditor", "administrator"])
def test_whoever_may_not_search_has_no_box(role: Role) -> None:
    assert BOX not in at_desk(colleague("Olga", role)).get("/desk/rs/").content.decode()


def test_strangers_and_locked_colleagues_have_no_box_at_sign_in() -> None:
    assert BOX not in Client().get("/desk/signin/").content.decode()


def test_a_right_in_one_market_gives_no_box_in_another(mila: Colleague) -> None:
    give_role(account=mila.account, market="id", role="editor", by=mila.actor)
    browser = at_desk(mila)
    assert BOX in browser.get("/desk/rs/").content.decode()
    assert BOX not in browser.get("/desk/id/").content.decode()


@pytest.mark.parametrize("page", ["/desk/rs/", "/desk/rs/people/", "/desk/me/"])
def test_pages_have_one_box_that_sends_by_post(mila: Colleague, page: str) -> None:
    browser = at_desk(mila)
    browser.get("/desk/rs/")  # one's own account has the menu of the market where one worked last
    shown = browser.get(page).content.decode()
    form = shown[shown.rindex("<form", 0, shown.index(BOX)) : shown.index(BOX)]
    assert 'method="post"' in form
    assert 'action="/desk/rs/search/"' in form
    assert shown.count(BOX) == 1


def test_it_finds_a_person_only_with_the_token_against_forged_forms(mila: Colleague) -> None:
    on_file(JELENA)
    browser = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    browser.cookies["staff-desk"] = at_desk(mila).cookies["staff-desk"].value
    assert browser.post("/desk/rs/search/", {"typed": "Jelena"}).status_code == 403
    assert not Event.objects.filter(kind="person.searched").exists()
    token = browser.get("/desk/rs/").content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    page = browser.post("/desk/rs/search/", {"typed": "Jelena", "csrfmiddlewaretoken": token}).content.decode()
    assert "Jelena" in page.split('id="main"')[1]


def test_the_box_costs_no_statement(mila: Colleague, django_assert_max_num_queries: Any) -> None:
    browser = at_desk(mila)
    browser.get("/desk/rs/people/")
    with django_assert_max_num_queries(2):  # the session and the roles
        assert BOX in browser.get("/desk/rs/people/").content.decode()


@pytest.mark.e2e
@pytest.mark.xdist_group("e2e")
@pytest.mark.django_db(transaction=True)
def test_by_key_and_without_script_on_every_screen(live_server: LiveServer, mila: Colleague) -> None:
    on_file(JELENA)
    for market in ("id", "ru"):  # the header with most in it: another market can be chosen
        give_role(account=mila.account, market=market, role="agent", by=mila.actor)
    cookie = {"name": "staff-desk", "value": at_desk(mila).cookies["staff-desk"].value, "url": live_server.url}
    inspector = Inspector()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for script in (True, False):
            context = browser.new_context(viewport=PHONE, locale="en", java_script_enabled=script)
            context.add_cookies([cookie])
            page = context.new_page()
            page.goto(f"{live_server.url}/desk/rs/people/")
            if script:
                inspector.look(page, state="people")
                _by_key(page)
                _fits_in_every_language(page, live_server.url)
                page.goto(f"{live_server.url}/desk/rs/people/")
            page.locator("#desk-search").fill("Jelena")
            page.locator("#desk-search").press("Enter")
            page.wait_for_url("**/search/")
            assert "Jelena" in page.locator("main table").inner_text()
        browser.close()
    assert inspector.faults == []


def _by_key(page: Page) -> None:
    focused = "document.activeElement.id"
    page.keyboard.press("/")
    assert page.evaluate(focused) == "desk-search"
    assert page.locator("#desk-search").input_value() == "", "the character does not land in the box"
    page.keyboard.type("a/b")
    assert page.locator("#desk-search").input_value() == "a/b"
    page.keyboard.press("Tab")
    assert page.evaluate("!document.activeElement.closest('.desk-search')"), "the box is the only stop"
    page.evaluate("localStorage.setItem('desk-keys-off', '1')")
    page.keyboard.press("/")
    assert page.evaluate(focused) != "desk-search"
    page.evaluate("localStorage.removeItem('desk-keys-off')")


def _fits_in_every_language(page: Page, url: str) -> None:
    """Nothing is cut, and from 768 px on the header has one line."""
    for language in {language for code in ("rs", "id", "ru") for language in profile_of(code).languages}:
        page.goto(f"{url}/desk/rs/people/")
        button = page.locator(f".languages button[value='{language}']")
        if button.count():
            button.click()
            page.wait_for_load_state()
        for width in (320, 360, 768, 1024, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            where = f"{language} at {width} px"
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where
            height = page.locator(".desk-top").bounding_box()
            box = page.locator("#desk-search").bounding_box()
            assert height is not None
            assert box is not None
            assert box["width"] >= 110, where
            assert height["height"] < (80 if width >= 768 else 130), where
            if pictures := os.environ.get("MYPOLIS_TEST_PICTURES", ""):
                page.locator(".desk-top").screenshot(path=f"{pictures}/{width}-{language}.png")
    page.set_viewport_size(PHONE)
