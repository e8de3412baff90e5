"""Every component of the design page follows the rules for pages, in every brand, theme and width."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import Phone
from tests.e2e.walking.accessibility import Inspector
from tests.e2e.walking.lists import MARKETS
from tests.e2e.walking.running import Demo
from tests.effort import cases

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

WIDTHS = (320, 360, 412, 600, 768, 1024, 1280)
TOO_WIDE = """() => [...document.querySelectorAll("main *")]
  .filter((one) => one.clientWidth && one.scrollWidth > one.clientWidth + 1)
  .filter((one) => getComputedStyle(one).overflowX === "visible" && getComputedStyle(one).display !== "inline")
  .filter((one) => !one.closest(".visually-hidden, .table-cards thead, svg"))
  .map((one) => `${one.tagName}.${one.className}: ${one.scrollWidth} in ${one.clientWidth}`)"""
SMALL_TARGETS = """() => [...document.querySelectorAll("main :is(button, select, .button, .choice, nav li > a)")]
  .filter((one) => one.checkVisibility())
  .map((one) => [one.textContent.trim() || one.className, one.getBoundingClientRect()])
  .filter(([name, box]) => box.height < 43.5 || (box.width < 43.5 && name.length > 6))
  .map(([name, box]) => `${name}: ${box.width} × ${box.height}`)"""
LOOK = """() => {
  const button = getComputedStyle(document.querySelector("form .button"));
  return [button.backgroundColor, button.borderRadius, getComputedStyle(document.querySelector("h1")).fontFamily];
}"""
WITHOUT_EDGE = """() => [...document.querySelectorAll("main :is(.button:not(.button-link), .choice, .chips a, input)")]
  .filter((one) => one.checkVisibility() && !["hidden", "radio", "checkbox"].includes(one.type))
  .filter((one) => getComputedStyle(one).borderTopWidth === "0px").map((one) => one.outerHTML)"""


@contextmanager
def opened(chromium: Browser, url: str, **settings: Any) -> Iterator[Page]:
    """The design page in a browser with these settings."""
    context = chromium.new_context(**settings)
    try:
        page = context.new_page()
        page.goto(url, wait_until="load")
        yield page
    finally:
        context.close()


@pytest.mark.parametrize("contrast", cases(["auto", "more"], quick=["auto"]))
@pytest.mark.parametrize("market", cases(MARKETS, quick=["rs"]))
def test_every_component_is_for_everybody(market: str, contrast: str, phone: Phone, demo: Demo) -> None:
    inspector = Inspector()
    tab = phone(market)
    tab.page.goto(f"{demo.url}/design/?market={market}&contrast={contrast}")
    inspector.look(tab.page)
    assert inspector.faults == []


@pytest.mark.parametrize("market", cases(MARKETS, quick=["ru"]))
def test_nothing_is_wider_than_its_place_on_any_screen(market: str, chromium: Browser, demo: Demo) -> None:
    with opened(chromium, f"{demo.url}/design/?market={market}") as page:
        faults = []
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            needed = page.evaluate("document.documentElement.scrollWidth")
            faults += [f"{width}: the page needs {needed}"] if needed > width else []
            faults += [f"{width}: {fault}" for fault in page.evaluate(TOO_WIDE)]
            faults += [f"{width}: {fault} is too small to hit" for fault in page.evaluate(SMALL_TARGETS)]
        assert faults == []


def test_everything_stands_without_script_too(chromium: Browser, demo: Demo) -> None:
    with opened(chromium, f"{demo.url}/design/", java_script_enabled=False) as page:
        toast = page.locator(".toast").first
        assert toast.is_visible()
        assert not toast.locator("button").is_visible()
        assert page.locator("[data-sheet]").first.get_attribute("href") == "/rs/legal/privacy/"
        assert page.locator("input[name=password]").first.is_visible()


def test_the_switches_show_what_the_device_would(chromium: Browser, demo: Demo) -> None:
    canvas = "getComputedStyle(document.body).backgroundColor"
    with opened(chromium, f"{demo.url}/design/?market=ru", color_scheme="dark") as page:
        dark = page.evaluate(canvas)
    with opened(chromium, f"{demo.url}/design/?market=ru&theme=dark") as page:
        assert page.evaluate(canvas) == dark
    with opened(chromium, f"{demo.url}/design/?market=ru&theme=light", color_scheme="dark") as page:
        assert page.evaluate(canvas) != dark


def test_a_brand_changes_colours_corners_and_faces(chromium: Browser, demo: Demo) -> None:
    seen = []
    for market in MARKETS:
        with opened(chromium, f"{demo.url}/design/?market={market}") as page:
            seen.append(page.evaluate(LOOK))
    for differing in zip(*seen, strict=True):
        assert len(set(differing)) == len(MARKETS)


def test_the_document_opens_in_a_sheet_and_closes_with_escape(phone: Phone, demo: Demo) -> None:
    tab = phone("rs")
    tab.page.goto(f"{demo.url}/design/")
    link = tab.page.locator("#dialog").locator("xpath=ancestor::section").locator("[data-sheet]")
    link.click()
    sheet = tab.page.locator("dialog[aria-labelledby=sheet-title]")
    sheet.locator(".prose").wait_for()
    assert "Obaveštenje" in sheet.locator("h2").first.inner_text()
    assert tab.page.evaluate("document.activeElement.closest('dialog') !== null")
    tab.page.keyboard.press("Escape")
    sheet.wait_for(state="detached")
    assert link.evaluate("link => document.activeElement === link")


def test_motion_stops_for_those_who_want_none(chromium: Browser, demo: Demo) -> None:
    moving = "document.getAnimations().filter((one) => one.playState === 'running').length"
    with opened(chromium, f"{demo.url}/design/", reduced_motion="reduce") as page:
        assert page.evaluate(moving) == 0


def test_forced_colours_leave_every_control_an_edge(chromium: Browser, demo: Demo) -> None:
    with opened(chromium, f"{demo.url}/design/", forced_colors="active") as page:
        assert page.evaluate(WITHOUT_EDGE) == []
