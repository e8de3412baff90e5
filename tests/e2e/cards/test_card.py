"""The card in a real browser: readable by a decoder, renewed in time, kept offline, deleted at sign-out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from pypdfium2 import PdfDocument

from tests.e2e.conftest import Phone
from tests.e2e.walking.accessibility import PHONE
from tests.e2e.walking.browsing import LOCALES, Tab
from tests.e2e.walking.inbox import Inbox
from tests.e2e.walking.journeys import register, sign_in_with_code
from tests.e2e.walking.lists import MARKETS, Insured, Lists
from tests.e2e.walking.running import Demo
from tests.ecard.holders import decoded
from tests.effort import cases
from tests.waiting import until, until_the_next_second

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e"), pytest.mark.usefixtures("reports")]

WAYS = {"rs": "client", "id": "group", "ru": "open"}
KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys())
      found.push([name, new URL(request.url).pathname, await (await (await caches.open(name)).match(request)).text()]);
  return found;
}"""


@dataclass
class Member:
    """Somebody signed in on a phone of their own, whose card is active."""

    one: Insured
    tab: Tab
    context: BrowserContext
    name: str = ""

    @property
    def page(self) -> Page:
        return self.tab.page

    def open(self, path: str = "card/") -> None:
        """Go to a page of the market."""
        self.tab.open(f"/{self.one.market}/{path}")

    def pages_kept(self) -> list[tuple[str, str, str]]:
        """The pages in the phone's caches, without the app frame: cache, path, text."""
        kept = [(name, path, text) for name, path, text in self.page.evaluate(KEPT)]
        return [one for one in kept if not one[0].startswith("frame-")]

    def wait_until_kept(self) -> None:
        """Wait until the service worker has cached the card. (The browser's own wait takes a promise for a yes.)"""
        until(self.pages_kept)

    def wait_until_forgotten(self) -> None:
        """Wait until the caches hold no personal page."""
        until(lambda: not self.pages_kept())


def activate(tab: Tab, market: str) -> None:
    """Accept the terms and activate the card."""
    tab.open(f"/{market}/card/")
    tab.page.locator("[name=accept_card]").check()
    tab.press(tab.page.locator(".ecard-acts form button.button"))


def enter(one: Insured, tab: Tab, inbox: Inbox) -> None:
    """Open an account and sign in."""
    register(one, tab, inbox)
    if one.market == "rs":
        sign_in_with_code(one, tab, username=tab.username)


@pytest.fixture
def member(chromium: Browser, demo: Demo, inbox: Inbox, lists: Lists) -> Iterator[Callable[[str], Member]]:
    """Creates members, each on a phone of their own."""
    contexts = []

    def make(market: str) -> Member:
        context = chromium.new_context(viewport=PHONE, locale=LOCALES[market])
        contexts.append(context)
        tab, one = Tab(context.new_page(), demo.url, inbox), lists.somebody(WAYS[market])
        enter(one, tab, inbox)
        activate(tab, market)
        return Member(one, tab, context, name=tab.page.locator(".ecard-name").inner_text())

    yield make
    for context in contexts:
        context.close()


def picture(page: Page) -> Image.Image:
    """A screenshot with the code in the middle, as a camera sees it."""
    page.locator("[data-code]").evaluate("code => code.scrollIntoView({ block: 'center', behavior: 'instant' })")
    return Image.open(BytesIO(page.screenshot()))


@pytest.mark.parametrize("market", cases(MARKETS, quick=["ru"]))
def test_the_code_is_read_from_the_screen_and_from_paper_and_leads_a_counter_to_the_live_check(
    market: str, phone: Phone, lists: Lists, inbox: Inbox
) -> None:
    tab, clinic = phone(market), phone(market)
    enter(lists.somebody(WAYS[market]), tab, inbox)
    activate(tab, market)
    initials = tab.page.locator(".ecard-name").inner_text()[0]
    card = tab.page.url
    counter_url = tab.page.locator("a[href$='/desk/']").get_attribute("href")
    urls = []
    for path in (card, counter_url or ""):
        tab.open(path)
        for scheme in ("dark", "light"):
            tab.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            urls.append(decoded(picture(tab.page)))
    with tab.page.expect_download() as download:
        tab.open(card)
        tab.page.locator("a[href$='/pdf/']").click()
    paper = PdfDocument(download.value.path())[0].render(scale=150 / 72).to_pil()
    urls.append(decoded(paper))
    tab.page.emulate_media(media="print")
    printed = tab.page.pdf(print_background=True, format="A4")
    tab.page.emulate_media(media="screen")
    urls.append(decoded(PdfDocument(printed)[0].render(scale=150 / 72).to_pil()))
    for url in urls:
        clinic.open(url)
        assert f"/{market}/v/" in clinic.page.url
        assert initials in clinic.text
        assert clinic.page.locator(".notice.tone-info").count() == 1
    for path in ("looks/", "lost/"):
        tab.open(f"{card}{path}")
    tab.open(f"/{market}/card/offline/")


@pytest.mark.parametrize("market", cases(MARKETS, quick=["id"]))
def test_the_card_opens_without_a_network_as_last_known_and_says_as_of_when(
    market: str, member: Callable[[str], Member]
) -> None:
    one = member(market)
    one.wait_until_kept()
    ((_cache, path, text),) = one.pages_kept()
    assert path == f"/{market}/card/offline/"
    assert one.name in text
    one.context.set_offline(True)
    for address in ("card/", one.page.url.partition(f"/{market}/")[2] + "desk/"):
        one.open(address)
        expect(one.page.locator(".ecard-name")).to_have_text(one.name)
        expect(one.page.locator(".state-title")).to_contain_text(":" if market != "id" else ".")
        expect(one.page.locator(".list a[href^='tel:']").first).to_be_visible()
        expect(one.page.locator("form[action$='/signout/']")).to_have_count(0)
        url = decoded(picture(one.page))
    one.open("card/1/")  # somebody else's, as a child's may be
    expect(one.page.locator(".ecard-name")).to_have_count(0)
    expect(one.page.locator("[data-kept] a")).to_be_visible()
    one.open("home/")
    one.page.locator("[data-kept] a").click()
    expect(one.page.locator(".ecard-name")).to_have_text(one.name)
    one.context.set_offline(False)
    one.open("card/")
    expect(one.page.locator(".button[href$='/desk/']")).to_be_visible()
    one.page.goto(url)
    assert f"/{market}/v/" in one.page.url
    assert one.name[0] in one.tab.text, "the code that was kept is judged live"


def test_after_signing_out_nothing_of_anybody_is_left_on_the_phone(member: Callable[[str], Member]) -> None:
    one = member("id")
    one.wait_until_kept()
    with one.page.expect_response(lambda answer: answer.url.endswith("/id/signout/")) as answer:
        one.tab.sign_out("id")
    assert not answer.value.from_service_worker, "Safari's engine would wait for 70 seconds"
    one.wait_until_forgotten()
    everything = str(one.page.evaluate(KEPT)) + str(
        one.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    )
    for secret in (one.name, one.one.policy_number, one.one.participant_number, one.one.email):
        assert secret not in everything
    one.context.set_offline(True)
    one.open("card/")
    expect(one.page.locator(".ecard")).to_have_count(0)
    expect(one.page.locator("[data-kept]")).to_be_hidden()


@pytest.mark.long
def test_a_session_that_ended_elsewhere_leaves_nothing_either(member: Callable[[str], Member]) -> None:
    one = member("id")
    one.wait_until_kept()
    one.context.clear_cookies()
    one.open("card/")
    assert one.page.url.endswith("/id/signin/")
    one.wait_until_forgotten()


@pytest.mark.long
def test_another_person_on_the_same_phone_finds_only_their_own(
    member: Callable[[str], Member], lists: Lists, inbox: Inbox
) -> None:
    first = member("id")
    first.wait_until_kept()
    ((cache, _path, _text),) = first.pages_kept()
    session = first.context.cookies()
    first.context.clear_cookies()
    second = lists.somebody("group")
    enter(second, first.tab, inbox)
    activate(first.tab, "id")
    name = first.page.locator(".ecard-name").inner_text()
    first.wait_until_kept()
    ((other, _path, text),) = first.pages_kept()
    assert other != cache
    assert name in text
    assert first.name not in text
    first.context.add_cookies(session)  # type: ignore[arg-type]
    first.open("more/")  # back to the first by another tab's cookie: the second's card goes at the first page
    first.wait_until_forgotten()


@pytest.mark.long
def test_an_outage_of_ours_does_not_cost_the_kept_card(member: Callable[[str], Member]) -> None:
    one = member("id")
    one.wait_until_kept()
    unsure = '<!doctype html><html lang="id"><title>503</title><h1>503</h1></html>'
    one.context.route("**/id/card/**", lambda route: route.fulfill(status=503, content_type="text/html", body=unsure))
    one.open("card/")
    assert one.tab.heading == "503"
    one.page.wait_for_timeout(300)
    assert len(one.pages_kept()) == 1


@pytest.mark.long
def test_an_answer_that_a_newer_one_has_overtaken_changes_nothing(member: Callable[[str], Member]) -> None:
    """As when a card is activated quickly: an older response, without a card, arrives after the newer one."""
    one = member("id")
    held: list[Route] = []
    one.wait_until_kept()

    def hold(route: Route) -> None:
        held.append(route)

    one.context.route("**/id/card/offline/", hold)
    for _time in range(2):
        with one.context.expect_event("request", lambda request: request.url.endswith("/id/card/offline/")):
            one.open("card/")
    held[1].continue_()
    one.page.wait_for_timeout(500)
    held[0].fulfill(status=404, content_type="text/html", body="<h1>404</h1>")
    one.page.wait_for_timeout(500)
    assert len(one.pages_kept()) == 1


def test_a_fresh_code_comes_before_the_old_one_is_over_and_an_old_one_is_covered(
    member: Callable[[str], Member],
) -> None:
    one = member("ru")
    one.page.clock.install()
    one.open("card/")
    first, drawn = decoded(picture(one.page)), one.page.locator(".code[data-code=fresh] path").nth(1)
    path = drawn.get_attribute("d") or ""
    until_the_next_second()
    one.page.clock.fast_forward("03:30")
    one.page.wait_for_function(
        "path => document.querySelector('.code[data-code=fresh] path:nth-of-type(2)').getAttribute('d') !== path",
        arg=path,
    )
    assert decoded(picture(one.page)) != first
    one.context.set_offline(True)
    one.page.clock.fast_forward("06:00")
    expect(one.page.locator(".code[data-code=fresh] [data-over]")).to_be_visible()
    expect(one.page.locator(".code[data-code=fresh] .qr")).to_be_hidden()
    one.context.set_offline(False)
    one.page.clock.fast_forward("00:30")
    expect(one.page.locator(".code[data-code=fresh] .qr")).to_be_visible()


@pytest.mark.long
def test_a_kept_code_that_is_over_is_covered(member: Callable[[str], Member]) -> None:
    one = member("ru")
    one.wait_until_kept()
    one.context.set_offline(True)
    one.page.clock.install()
    one.page.clock.fast_forward("13:00:00")
    one.open("card/")
    expect(one.page.locator("[data-over]")).to_be_visible()
    expect(one.page.locator(".qr")).to_be_hidden()


@pytest.mark.long
def test_a_replaced_card_is_told_and_its_old_code_is_dead(member: Callable[[str], Member], inbox: Inbox) -> None:
    one = member("id")
    old = decoded(picture(one.page))
    card = one.page.url
    one.tab.open(f"{card}lost/")
    one.tab.press(one.page.locator("main form[method=post] button.button-danger"))
    expect(one.page.locator(".notice.tone-info")).to_be_visible()
    new = decoded(picture(one.page))
    titles = []
    for url in (old, new):
        one.page.goto(url)
        titles.append(one.tab.heading)
    assert titles == ["Kartu ini sudah diganti", "Pertanggungan aktif"]
    assert any("/id/card/" in link for message in inbox.to(one.one.email) for link in message["links"])
    one.tab.open(f"{card}looks/")
    assert one.page.locator(".list li").count() == 2


def test_without_script_there_is_a_card_and_a_way_to_a_new_code(phone: Phone, lists: Lists, inbox: Inbox) -> None:
    tab = phone("ru", script=False)
    enter(lists.somebody("open"), tab, inbox)
    activate(tab, "ru")
    first = decoded(picture(tab.page))
    until_the_next_second()
    tab.press(tab.page.locator(".ecard-more p a"))
    assert decoded(picture(tab.page)) != first
