"""The pages on which claims are followed, in a browser: axe finds nothing, nothing is cut, no script fails."""

import pytest
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer

from mypolis.insurance.claims.lifecycle.asking import NewQuestion
from mypolis.membership.accounts.models import Account
from tests.claims.owned import clean_file
from tests.claims.pages.reading import Reader, decided, paid, questioned, rejected, returned
from tests.claims.pages.test_clinic_bills import billed
from tests.claims.world import sent
from tests.e2e.walking.accessibility import PHONE, Inspector
from tests.e2e.walking.browsing import CHROMIUM, FLAGS

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e"), pytest.mark.django_db(transaction=True)]
_WHERE = "document.querySelector('.state').getBoundingClientRect().bottom"


def places_of(reader: Reader) -> dict[str, str]:
    """The addresses of claims in all kinds of states, and of the pages that belong to them."""
    budi = reader.account
    asked = NewQuestion(id="q", text="Please send the report.", document="report")
    claims = {
        "waiting": questioned(budi, asked, NewQuestion(id="r", text="Who was treated?")),
        "in review": sent(budi),
        "to be paid": decided(budi),
        "paid": paid(budi),
        "returned": returned(budi),
        "rejected": rejected(budi),
        "clinic": billed(budi),
    }
    clean_file(claims["in review"])
    return {
        **{state: reader.address(claim) for state, claim in claims.items()},
        "list": "/id/claims/",
        "home": "/id/home/",
        "explanation": reader.address(claims["paid"], "explanation/"),
        "appeal": reader.address(claims["rejected"], "appeal/"),
        "withdraw": reader.address(claims["in review"], "withdraw/"),
        "account": reader.address(claims["returned"], "account/"),
        "not now": reader.address(claims["in review"], "appeal/"),
    }


def test_every_page_is_for_everybody_and_says_first_where_the_claim_is(budi: Account, live_server: LiveServer) -> None:
    reader, inspector, faults = Reader(budi), Inspector(), list[str]()
    token = reader.client.cookies["session-id"].value
    places = places_of(reader)
    ends = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(viewport=PHONE, locale="id", service_workers="block")
        context.add_cookies([{"name": "session-id", "value": token, "url": live_server.url}])
        context.on("weberror", lambda error: faults.append(str(error.error)))
        page = context.new_page()
        for state, address in places.items():
            page.goto(f"{live_server.url}{address}")
            if page.locator(".timeline").count():
                ends[state] = page.evaluate(_WHERE)
            inspector.look(page, state=state)
        browser.close()
    assert inspector.faults == []
    assert faults == []
    assert len(ends) == 7
    assert max(ends.values()) <= PHONE["height"] - 60, ends  # above the fold, and above the bar
