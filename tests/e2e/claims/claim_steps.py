"""What a member does from three photos to the money, one step after the other, on two phones."""

import random
from datetime import timedelta
from pathlib import Path

import httpx
from PIL import Image
from playwright.sync_api import Route, expect

from mypolis.foundation.markets import market as market_of
from tests.e2e.claims.claim_markets import OTHER_ACCOUNTS, ClaimWalk
from tests.e2e.claims.test_claim_drafts import Claimant
from tests.e2e.walking.browsing import Tab
from tests.e2e.walking.inbox import Inbox


def photos(walk: ClaimWalk, folder: Path) -> dict[str, list[Path]]:
    """The photos of each paper: each different."""
    return {
        paper: [photo(folder / f"{paper}-{page}.jpg") for page in range(1, count + 1)]
        for paper, count in walk.pages.items()
    }


def photo(path: Path) -> Path:
    """A picture so small that the browser sends it as it is."""
    side = 640
    dots = random.Random(path.name).randbytes(3 * side * side)
    Image.frombytes("RGB", (side, side), dots).save(path, quality=90)
    return path


def begin(tab: Tab, walk: ClaimWalk, market: str) -> None:
    """Choose from home what the claim is for."""
    tab.open(f"/{market}/home/")
    tab.press(tab.page.locator("a[href$='/claims/new/']").first)
    tab.press(tab.page.locator(f"button[name=benefit][value={walk.benefit}]"))


def lose_the_network(tab: Tab, paper: str, files: list[Path]) -> None:
    """Send photos of a paper. In the middle of the last one the network goes, and then the phone is switched off."""
    box = tab.page.locator(f"[data-uploads][data-kind={paper}]")
    box.locator("[data-upload]").set_input_files(files[:-1])
    expect(box.locator("[data-state=arrived]")).to_have_count(len(files) - 1)

    def while_the_last_is_sent() -> None:
        tab.page.route("**/uploads/**", Torn(files[-1].read_bytes()))
        with tab.page.expect_event("requestfailed", lambda request: request.method == "PATCH"):
            box.locator("[data-upload]").set_input_files(files[-1])
        expect(box.locator("[data-state=waiting]")).to_have_count(1)

    with tab.cut_off(while_the_last_is_sent):
        tab.page.close()


class Torn:
    """A network that carries half of a file to the server, and then nothing any more."""

    def __init__(self, content: bytes) -> None:
        self._half = content[: len(content) // 2]

    def __call__(self, route: Route) -> None:
        """Carry a request."""
        if route.request.method == "PATCH" and self._half:
            httpx.patch(route.request.url, content=self._half, headers=_without_length(route.request.all_headers()))
            self._half = b""
        if self._half:
            route.continue_()
        else:
            route.abort("internetdisconnected")


def _without_length(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in {"content-length", "accept-encoding"}}


def go_on(tab: Tab, market: str, papers: dict[str, list[Path]]) -> None:
    """Find the draft on another phone, and add what the first one could not send."""
    tab.open(f"/{market}/claims/")
    tab.press(tab.page.locator("section[aria-labelledby=drafts] li a").first)
    (torn, begun), *whole = papers.items()
    box = tab.page.locator(f"[data-uploads][data-kind={torn}]")
    expect(box.locator("[data-state=again]")).to_have_count(1)
    assert box.locator("progress").evaluate("bar => bar.position") > 0, "what had arrived is kept"
    for paper, files in ((torn, begun[-1:]), *whole):
        box = tab.page.locator(f"[data-uploads][data-kind={paper}]")
        box.locator("[data-upload]").set_input_files(files)
        expect(box.locator("[data-state=arrived]")).to_have_count(len(files))
        expect(box.locator("[data-state=again]")).to_have_count(0)
    tab.press(tab.page.locator("main .form-actions button").first)


def fill_in(tab: Tab, walk: ClaimWalk, market: str, who: dict[str, str], inbox: Inbox) -> None:
    """Type the treatment, the bill and, if there is none yet, a bank account: then everything is there."""
    day = market_of(market).today() - timedelta(days=3)
    claimant = Claimant(tab)
    claimant.type(treated_on_day=str(day.day), treated_on_month=str(day.month), treated_on_year=str(day.year))
    claimant.type(provider=walk.provider, diagnosis=walk.illness, bill_amount=walk.billed)
    claimant.go(tab.page.locator("main .form-actions button").first)
    claimant.account(market, who, inbox)
    assert tab.page.url.split("?")[0].endswith("/review/"), tab.text


def send(tab: Tab) -> str:
    """Send the claim. Returns its number."""
    tab.press(tab.page.locator("main .form-actions button").last)
    return tab.page.locator("main .over").inner_text().split()[0]


def answer(tab: Tab, walk: ClaimWalk, paper: Path) -> None:
    """Answer the open question with words and a photo."""
    assert walk.question in tab.text
    tab.page.locator("#questions ~ form textarea").fill(walk.answer)
    tab.page.locator("#questions ~ form [data-upload]").set_input_files(paper)
    expect(tab.page.locator("#questions ~ form [data-state=arrived]")).to_have_count(1)
    tab.press(tab.page.locator("#questions ~ form .form-actions button"))
    assert tab.page.locator("#questions").count() == 0
    assert walk.answer in tab.text


def read_why(tab: Tab) -> str:
    """Open the explanation. Returns the sentence that says why the member pays a part."""
    tab.press(tab.page.locator("a[href$='/explanation/']"))
    return tab.page.locator("article .ticks p").first.inner_text()


def appeal(tab: Tab, walk: ClaimWalk) -> None:
    """Appeal from the explanation, in the member's words."""
    tab.press(tab.page.locator("a[href$='/appeal/']"))
    tab.page.locator("[name=text]").fill(walk.appeal)
    tab.press(tab.page.locator("main .form-actions button"))


def take_another_account(tab: Tab, market: str, who: dict[str, str], inbox: Inbox) -> None:
    """After a payment came back: add another account with a code, and let the claim be paid there."""
    tab.press(tab.page.locator("main .buttons a[href$='/account/']"))
    tab.press(tab.page.locator("main a[href*='return_to=claim-payment']"))
    Claimant(tab).account(market, who, inbox, OTHER_ACCOUNTS)
    assert tab.page.locator("[name=bank_account]:checked").count() == 1, f"the new account is not chosen: {tab.text}"
    tab.press(tab.page.locator("main .form-actions button"))
