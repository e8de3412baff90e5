"""A parent in a browser: the family, a child, a waiting offer, and ending a mandate."""

import httpx
import pytest

from mypolis.foundation.markets import market as market_of
from tests.e2e.conftest import Phone
from tests.e2e.walking.browsing import Tab
from tests.e2e.walking.inbox import Inbox
from tests.e2e.walking.journeys import Turn
from tests.e2e.walking.lists import MARKETS
from tests.e2e.walking.running import Demo
from tests.effort import cases

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]


def registered(demo: Demo, market: str) -> list[dict[str, str]]:
    """The sample people with an account: the parent, the giver of a mandate, and the member who offers one."""
    people = httpx.get(f"{demo.url}/inbox/people.json", params={"market": market}).json()
    return [one for one in people if one["state"] == "registered"]


def sign_in(tab: Tab, market: str, who: dict[str, str]) -> None:
    """Sign in with the password that the demo shows."""
    name = {"rs": "email", "id": "username", "ru": "mobile"}[market]
    to = who["mobile"] if market == "ru" else who["email"]
    credentials = Turn("credentials", {name: who[name], "password": who["password"]})
    tab.walk(market, "signin", [credentials, Turn("code", code_to=to)])


@pytest.mark.parametrize("market", cases(MARKETS, quick=["rs"]))
def test_a_family_is_for_everybody(market: str, phone: Phone, demo: Demo, inbox: Inbox) -> None:
    parent, giver, _third = registered(demo, market)
    tab = phone(market)
    sign_in(tab, market, parent)
    tab.open(f"/{market}/family/")
    links = tab.page.locator(".list a").evaluate_all("links => links.map((link) => link.getAttribute('href'))")
    assert len(links) == 4, "an offer, two children under age, a giver"
    for path in (*links, f"/{market}/family/share/", f"/{market}/family/share/sent/", f"/{market}/family/seers/"):
        tab.open(path)
        assert tab.heading
    other = phone(market)
    sign_in(other, market, giver)
    other.open(f"/{market}/family/seers/")
    assert parent["surname"] in other.text
    widen = other.page.locator("a[href*='/mandates/'][href$='/claims/']").get_attribute("href")
    other.open(str(widen))
    assert other.page.locator("form.form button").count() == 1
    other.open(f"/{market}/family/seers/")
    other.press(other.page.locator("form[action$='/end/'] button"))
    assert other.page.locator("form[action$='/end/']").count() == 0
    tab.open(f"/{market}/family/")
    assert giver["surname"] not in tab.text


@pytest.mark.parametrize("market", cases(MARKETS, quick=["ru"]))
def test_a_grown_up_child_consents_to_claims_by_a_link_and_ends_it(
    market: str, phone: Phone, demo: Demo, inbox: Inbox
) -> None:
    parent = registered(demo, market)[0]
    tab, theirs = phone(market), phone(market)
    sign_in(tab, market, parent)
    tab.open(f"/{market}/family/claims/")
    asked = tab.page.locator("form[action$='/ask/'] button")
    assert asked.count() == 1
    tab.press(asked)
    assert tab.page.locator("form[action$='/end/']").count() == 1, "the request can be withdrawn"
    born = f"{market_of(market).today().year - 20}-02-11"
    people = httpx.get(f"{demo.url}/inbox/people.json", params={"market": market}).json()
    (child,) = (one for one in people if one["birth_date"] == born and one["policy_number"] == parent["policy_number"])
    theirs.open(inbox.consent(child["email"]))
    assert parent["surname"] in theirs.text or parent["given_name"] in theirs.text
    theirs.press(theirs.page.locator("button[value=agree]"))
    tab.open(f"/{market}/family/claims/")
    assert asked.count() == 0
    theirs.press(theirs.page.locator("button[value=end]"))
    assert theirs.page.locator("form[method=post] button[name=answer]").count() == 0
    tab.open(f"/{market}/family/claims/")
    assert asked.count() == 1
