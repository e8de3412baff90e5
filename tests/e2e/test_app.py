"""The portal as an installed app: it reports a missing network, and is never stale when there is one."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.walking.accessibility import PHONE
from tests.e2e.walking.browsing import LOCALES
from tests.e2e.walking.lists import MARKETS
from tests.e2e.walking.running import Demo
from tests.effort import cases

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]


@pytest.fixture(params=cases(MARKETS, quick=["id"]))
def market(request: pytest.FixtureRequest) -> str:
    """Each market is an app of its own."""
    return str(request.param)


@pytest.fixture
def context(chromium: Browser, market: str) -> Iterator[BrowserContext]:
    """A browser of its own, in the market's language."""
    context = chromium.new_context(viewport=PHONE, locale=LOCALES[market])
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, demo: Demo, market: str) -> Page:
    """A page that its installed service worker controls."""
    page = context.new_page()
    page.goto(f"{demo.url}/{market}/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    assert page.evaluate("navigator.serviceWorker.controller === null"), (
        "the page that registered the worker is not controlled by it"
    )
    page.reload()
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    return page


def test_without_a_network_the_app_says_so_in_the_brand_and_whom_to_call(
    page: Page, context: BrowserContext, demo: Demo, market: str
) -> None:
    here, sheets = page.locator("h1").inner_text(), page.evaluate("document.styleSheets.length")
    context.set_offline(True)
    page.goto(f"{demo.url}/{market}/signin/")
    expect(page.locator("h1")).not_to_have_text(here)
    expect(page.locator("#help a[href^='tel:']").first).to_be_visible()
    assert page.evaluate("document.styleSheets.length") == sheets, "the styles are kept too"
    context.set_offline(False)
    page.goto(f"{demo.url}/{market}/signin/")
    expect(page.locator("input[name=password]")).to_be_visible()


def test_a_form_that_did_not_get_through_is_answered_and_found_again_as_it_was_typed(
    page: Page, context: BrowserContext, demo: Demo, market: str
) -> None:
    page.goto(f"{demo.url}/{market}/signin/")
    first = page.locator("#step input:is([type=text], [type=email], [type=tel])").first
    first.fill("typed before")
    here = page.locator("h1").inner_text()
    context.set_offline(True)
    with page.expect_navigation():
        page.locator("#step").evaluate("form => form.submit()")  # as when the browser believes that it is online
    expect(page.locator("h1")).not_to_have_text(here)
    context.set_offline(False)
    page.locator("main a.button").click()
    expect(page.locator("h1")).to_have_text(here)
    expect(first).to_have_value("typed before")


def test_an_app_of_one_market_knows_nothing_of_another(page: Page, demo: Demo, market: str) -> None:
    scopes = page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.map((one) => one.scope))")
    assert scopes == [f"{demo.url}/{market}/"]
    kept = page.evaluate("caches.keys()")
    assert [name for name in kept if not name.startswith(f"frame-{market}-")] == []


def test_chromium_finds_nothing_that_keeps_the_app_from_a_home_screen(page: Page, context: BrowserContext) -> None:
    session = context.new_cdp_session(page)
    answer = session.send("Page.getInstallabilityErrors")
    found = {error["errorId"] for error in answer["installabilityErrors"]}
    assert found <= {"in-incognito"}, "each test's browser is a private one"
    manifest = session.send("Page.getAppManifest")
    assert manifest["errors"] == []
