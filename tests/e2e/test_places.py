"""Pages outside the journeys have no console errors, and axe finds nothing on them."""

from collections.abc import Callable
from functools import partial

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import get_resolver
from django.utils import translation
from playwright.sync_api import Route

from mypolis.foundation.markets import market as profile_of
from tests.e2e.conftest import Phone
from tests.e2e.walking import places
from tests.e2e.walking.accessibility import Inspector
from tests.e2e.walking.app import App
from tests.e2e.walking.inbox import Inbox
from tests.e2e.walking.lists import MARKETS
from tests.e2e.walking.parent import belongings, sign_in_parent
from tests.e2e.walking.running import Demo
from tests.effort import cases
from tests.web.test_every_answer import routes

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

LANGUAGES = {"rs": "sr-Latn", "id": "id", "ru": "ru"}
WORDS = {"rs": "zub", "id": "gigi", "ru": "зуб"}
STATUS = "performance.getEntriesByType('navigation')[0].responseStatus"
SENT = [("step", "identity"), ("surname", "Соколова")]


def test_every_page_is_in_the_list_of_places() -> None:
    known = {*places.FOR_ANYBODY, *places.FOR_MEMBERS, *places.ELSEWHERE, *places.NO_PAGES}
    assert {one for one in routes(get_resolver().url_patterns) if not one.startswith(("api/", "desk/"))} == known


@pytest.mark.parametrize("market", cases(MARKETS, quick=["rs"]))
def test_every_place_of_a_market_is_for_everybody(market: str, phone: Phone) -> None:
    tab = phone(market)
    own = ["/id/recover-username/"] if market == "id" else []
    for address in (*places.addresses(places.FOR_ANYBODY, market), *own, f"/{market}/nothing-here/"):
        tab.open(address)
        assert tab.heading
        assert address == "/" or tab.page.locator("html").get_attribute("lang") == LANGUAGES[market]


@pytest.mark.parametrize("market", cases(MARKETS, quick=["id"]))
def test_every_place_of_a_member_is_for_everybody(
    market: str, phone: Phone, app: Callable[[], App], demo: Demo
) -> None:
    """The demo's parent has a plan, documents, children, a mandate from somebody, and a waiting offer."""
    own, tab = app(), phone(market)
    sign_in_parent(own, market, demo)
    tab.page.context.add_cookies([{"name": f"session-{market}", "value": own.session, "url": demo.url}])
    names = belongings(own, market)
    tab.open(f"/{market}/card/{names['card']}/")
    tab.page.locator("[name=accept_card]").check()
    tab.press(tab.page.locator(".ecard-acts form button.button"))
    tab.inspect("active")
    for address in places.addresses(places.FOR_MEMBERS, market, **names):
        tab.open(address)
        assert tab.page.url == f"{demo.url}{address}", "a member's page"
        assert tab.page.evaluate(STATUS) == 200, address
    for one in own.get(market, "family")["people"]:
        tab.open(f"/{market}/family/people/{one['whose']}/")
        tab.inspect(f"{one['seen_as']}, {one['sight']}")
    for words in (WORDS[market], "xqzw"):
        tab.open(f"/{market}/cover/search/")
        tab.page.locator("main [name=words]").fill(words)
        tab.press(tab.page.locator("main form.ask button"))
        tab.inspect(words)


@pytest.mark.parametrize("market", cases(MARKETS, quick=["ru"]))
def test_every_error_is_for_everybody(market: str, phone: Phone, demo: Demo) -> None:
    tab = phone(market)
    profile = profile_of(market)
    request = RequestFactory().get(f"/{market}/register/")
    request.market, request.account = profile, None  # type: ignore[attr-defined]
    for kind in places.ERRORS:
        context = {"kind": kind, "retry_minutes": 5, "send_again": SENT, "password_left_out": True}
        template = "web/unavailable.html" if kind == "503" else "web/error.html"
        with translation.override(profile.default_language):
            page = render_to_string(template, context, request)
        address = f"{demo.url}/{market}/errors/{kind}/"
        answer = {"body": page, "content_type": "text/html"}
        tab.page.route(address, partial(_answer, answer))
        tab.open(address)
        assert tab.page.locator("main .heading + *").count() == 1, "a link to go on"
        assert tab.page.evaluate("[...document.styleSheets].map((sheet) => sheet.cssRules.length > 0)") == [True, True]


def _answer(answer: dict[str, str], route: Route) -> None:
    route.fulfill(**answer)  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["/inbox/", "/design/"])
def test_the_places_of_no_market_are_for_everybody(path: str, phone: Phone) -> None:
    tab = phone()
    tab.open(path)
    assert tab.page.locator("h1").count() == 1


def test_the_inspection_sees_what_is_wrong(phone: Phone) -> None:
    tab = phone()
    tab.open("/rs/")
    # A high line: in some fonts letters leave a narrow line and its background, and then axe reports no contrast.
    bad = "color: #aaa; background: #bbb; width: 2000px; line-height: 2"
    tab.page.locator("h1").evaluate(f"heading => heading.style.cssText = '{bad}'")
    inspector = Inspector()
    inspector.look(tab.page)
    assert [fault for fault in inspector.faults if "color-contrast" in fault]
    assert [fault for fault in inspector.faults if "2000 px wide" in fault or "px wide on a screen of 360 px" in fault]


def test_the_logs_tell_nothing_of_anybody(demo: Demo, inbox: Inbox) -> None:
    inbox.to("somebody@example.test")
    assert "request.done" in demo.log
    assert "Traceback" not in demo.log
    assert "@example.test" not in demo.log
