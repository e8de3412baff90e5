"""Pages outside the journeys: they say nothing wrong to the console, and axe finds nothing on them."""

import pytest

from tests.e2e.accessibility import Inspector
from tests.e2e.conftest import Phone
from tests.e2e.inbox import Inbox
from tests.e2e.lists import MARKETS
from tests.e2e.running import Demo

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

DOCUMENTS = {"rs": "privacy", "id": "licence", "ru": "personal_data"}
LANGUAGES = {"rs": "sr-latn", "id": "id", "ru": "ru"}


@pytest.mark.parametrize("market", MARKETS)
def test_every_place_of_a_market_is_for_everybody(market: str, phone: Phone) -> None:
    tab = phone(market)
    for path in ("", "recover-username/", f"legal/{DOCUMENTS[market]}/", "nothing-here/", "i/unknown"):
        tab.open(f"/{market}/{path}")
        assert tab.heading
        assert tab.page.locator("html").get_attribute("lang") == LANGUAGES[market]


@pytest.mark.parametrize("path", ["/", "/inbox/", "/design/"])
def test_the_places_of_no_market_are_for_everybody(path: str, phone: Phone) -> None:
    tab = phone()
    tab.open(path)
    assert tab.page.locator("h1").count() == 1


def test_the_inspection_sees_what_is_wrong(phone: Phone) -> None:
    tab = phone()
    tab.open("/rs/")
    tab.page.locator("h1").evaluate("heading => heading.style.cssText = 'color: #aaa; background: #bbb; width: 2000px'")
    inspector = Inspector()
    inspector.look(tab.page)
    assert [fault for fault in inspector.faults if "color-contrast" in fault]
    assert [fault for fault in inspector.faults if "2000 px wide" in fault or "px wide on a screen of 360 px" in fault]


def test_the_logs_tell_nothing_of_anybody(demo: Demo, inbox: Inbox) -> None:
    inbox.to("somebody@example.test")
    assert "request.done" in demo.log
    assert "Traceback" not in demo.log
    assert "@example.test" not in demo.log
