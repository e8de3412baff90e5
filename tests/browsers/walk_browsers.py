"""Registration, sign-in, card, cover and a photo for a claim in Firefox and in Safari's engine, in each market.

Only `make browsers` runs it, because it needs Debian's `firefox-esr`, `webkit2gtk-driver` and `xvfb`. Chromium walks
much more in `tests/e2e`; this is about differences between engines.
"""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from PIL import Image

from tests.browsers.browser import PAINTED
from tests.browsers.visitor import Visitor
from tests.e2e.claims.claim_markets import WALKS
from tests.e2e.claims.claim_steps import photo
from tests.e2e.walking.inbox import Inbox
from tests.e2e.walking.journeys import register, sign_in_with_code
from tests.e2e.walking.lists import MARKETS, Insured
from tests.ecard.holders import decoded

CODE_IN_THE_MIDDLE = (
    "() => document.querySelector('[data-code]').scrollIntoView({ block: 'center', behavior: 'instant' })"
)

ARRIVED = "box => document.querySelectorAll(`${box} [data-state=arrived]`).length === 1"


@pytest.mark.parametrize("market", MARKETS)
def test_a_person_registers_signs_in_and_shows_the_card(
    market: str, visitor: Callable[[], Visitor], people: Callable[[str], Insured], inbox: Inbox, tmp_path: Path
) -> None:
    one, own = people(market), visitor()
    register(one, own, inbox)
    if market != "rs":
        own.sign_out(market)
        assert not own.is_signed_in(market)
    another = visitor()
    sign_in_with_code(one, another, username=own.username)
    activate_card(another, market)
    assert_code_leads_to_live_check(another, market)
    another.open(f"/{market}/cover/")
    another.press(f"main .list a[href^='/{market}/cover/']")
    assert another.browser.evaluate("() => document.querySelector('#benefits') !== null"), another.text
    give_photo(another, market, photo(tmp_path / "photo.jpg"))
    another.sign_out(market)
    another.browser.back()
    another.browser.wait_for("path => location.pathname === path", f"/{market}/signin/")  # and not a member's page


def activate_card(one: Visitor, market: str) -> None:
    one.open(f"/{market}/card/")
    one.tick("[name=accept_card]")
    one.press(".ecard-acts form button.button")


def assert_code_leads_to_live_check(one: Visitor, market: str) -> None:
    """Read the code from the screen, as a camera would, and check that its page knows the card."""
    one.browser.evaluate(CODE_IN_THE_MIDDLE)
    one.browser.evaluate(PAINTED)
    url = decoded(Image.open(BytesIO(one.browser.screenshot())))
    assert f"/{market}/v/" in url
    name = one.browser.evaluate("() => document.querySelector('.ecard-name').innerText")
    checked = httpx.get(url)
    assert checked.is_success
    assert name[0] in checked.text


def give_photo(one: Visitor, market: str, file: Path) -> None:
    """Begin a claim and add a photo, which is there after a reload."""
    walk = WALKS[market]
    box = f"[data-uploads][data-kind={next(iter(walk.pages))}]"
    one.open(f"/{market}/claims/new/")
    one.press(f"button[name=benefit][value={walk.benefit}]")
    one.browser.choose_file(f"{box} [data-upload]", file)
    one.browser.wait_for(ARRIVED, box)
    one.open(one.path)
    assert file.name in one.text


def test_an_empty_form_moves_the_focus_to_what_is_wrong(visitor: Callable[[], Visitor]) -> None:
    one = visitor()
    one.open("/ru/register/")
    one.send()
    one.browser.wait_for("() => document.activeElement?.matches('.errors')")
