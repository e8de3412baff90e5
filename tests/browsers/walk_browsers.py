"""Registration, sign-in, card and cover in Firefox and in Safari's engine, in each market.

Only `make browsers` runs it, because it needs Debian's `firefox-esr`, `webkit2gtk-driver` and `xvfb`. Chromium walks
much more in `tests/e2e`; this is about differences between engines.
"""

from collections.abc import Callable
from io import BytesIO

import httpx
import pytest
from PIL import Image

from tests.browsers.browser import PAINTED
from tests.browsers.visitor import Visitor
from tests.e2e.inbox import Inbox
from tests.e2e.journeys import register, sign_in_with_code
from tests.e2e.lists import MARKETS, Insured
from tests.ecard.holders import decoded

CODE_IN_THE_MIDDLE = (
    "() => document.querySelector('[data-code]').scrollIntoView({ block: 'center', behavior: 'instant' })"
)


@pytest.mark.parametrize("market", MARKETS)
def test_a_person_registers_signs_in_and_shows_the_card(
    market: str, visitor: Callable[[], Visitor], people: Callable[[str], Insured], inbox: Inbox
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


def test_an_empty_form_moves_the_focus_to_what_is_wrong(visitor: Callable[[], Visitor]) -> None:
    one = visitor()
    one.open("/ru/register/")
    one.send()
    one.browser.wait_for("() => document.activeElement?.matches('.errors')")
