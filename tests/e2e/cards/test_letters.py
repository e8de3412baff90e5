"""Every e-mail in a real browser window: it fits, has contrast in light and dark, and loads nothing."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page

from mypolis.foundation.markets import all_markets
from mypolis.foundation.notices.catalogue import catalogue
from mypolis.foundation.notices.rendering import render_email
from tests.effort import cases

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

WINDOWS = [(width, scheme) for width in (360, 700) for scheme in ("light", "dark")]
# A message with every part: a button, a value to copy, a second link, the footer.
FULLEST = ("invitation", "account-exists", "new-device")


@pytest.fixture
def window(chromium: Browser) -> Iterator[Page]:
    """A window in which the test fails if an e-mail requests anything."""
    context = chromium.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    yield page
    context.close()
    assert asked == []


@pytest.mark.parametrize("market", cases(all_markets(), quick=["ru"]))
def test_every_letter_fits_a_phone_and_a_window(window: Page, market: str) -> None:
    for language in all_markets()[market].languages:
        for template in catalogue().values():
            window.set_content(render_email(market, language, template.name, template.sample).html)
            for width in (360, 700):
                window.set_viewport_size({"width": width, "height": 700})
                assert window.evaluate("document.documentElement.scrollWidth") <= width, (language, template.name)
                sheet = window.evaluate("document.querySelector('.sheet').getBoundingClientRect().width")
                assert sheet == min(width, 600), (language, template.name)
            assert window.locator("a.button").count() <= 1
            assert window.locator("h1").count() == 1


@pytest.mark.parametrize("market", cases(all_markets(), quick=["rs"]))
@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
def test_axe_finds_nothing_in_light_or_dark(window: Page, market: str, width: int, scheme: str) -> None:
    window.set_viewport_size({"width": width, "height": 700})
    window.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for name in FULLEST:
        language = all_markets()[market].default_language
        window.set_content(render_email(market, language, name, catalogue()[name].sample).html)
        window.evaluate(Axe().axe_script)
        found = window.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag22aa']})")
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found["violations"]] == []
