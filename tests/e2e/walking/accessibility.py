"""Runs axe on every page that these tests visit: once each, on phone and wide screen, light and dark, and zoomed."""

import re

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, ViewportSize

from tests.effort import is_quick

PHONE: ViewportSize = {"width": 360, "height": 740}
WIDE: ViewportSize = {"width": 1280, "height": 900}
ZOOMED: ViewportSize = {"width": 320, "height": 256}
"""The viewport of a 1280 × 1024 screen at 400 % zoom (WCAG 2.2, 1.4.10)."""
WHAT_CHANGES = "color-contrast", "target-size", "scrollable-region-focusable"
"""The rules whose result may differ between dark, wide and light phone pages."""
CLIPPED = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.clientWidth && one.scrollWidth > one.clientWidth + 1)
  .filter((one) => getComputedStyle(one).overflowX === "visible" && getComputedStyle(one).display !== "inline")
  .filter((one) => !one.closest(".visually-hidden, .narrow-hidden, .narrow-only, .table-cards thead, svg"))
  .map((one) => `${one.tagName}.${one.className}: ${one.scrollWidth} in ${one.clientWidth}`)"""

NAME = """() => [
  location.pathname,
  document.querySelector("#step > [name=step]")?.value ?? "",
  document.querySelector(".errors") !== null,
]"""


OTHER_LOOKS = (PHONE, "dark"), (WIDE, "dark"), (WIDE, "light")


def _other_looks(path: str) -> tuple[tuple[ViewportSize, str], ...]:
    """How else a page is examined. In a quick run one market speaks for all: they share templates and components, and
    `tests/web/assets/test_contrast.py` computes the contrast of each brand's colours."""
    return () if is_quick() and path.startswith(("/id/", "/ru/")) else OTHER_LOOKS


STILL = """() => document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().endTime !== Infinity)
    .forEach((one) => one.finish())"""
"""Lets what comes in be there at once: half-way, its text is too pale, which is no fault."""


class Inspector:
    """Examines each page once. A page is identified by its path without secrets, its step or state, and its errors."""

    def __init__(self) -> None:
        self.pages: set[tuple[str, str, bool]] = set()
        self.faults: list[str] = []
        self._script = Axe().axe_script

    def look(self, page: Page, *, state: str = "") -> None:
        """Examine the page unless it was examined before. `state` distinguishes pages that share an address."""
        name = self._name(page, state)
        if name in self.pages:
            return
        self.pages.add(name)
        own = page.viewport_size or PHONE
        page.set_viewport_size(PHONE)
        page.evaluate(self._script)
        self._run(page, name, {})
        self._check_width(page, name, PHONE["width"])
        for size, scheme in _other_looks(name[0]):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            self._run(page, name, {"runOnly": WHAT_CHANGES})
        page.set_viewport_size(ZOOMED)
        self._check_width(page, name, ZOOMED["width"])
        self.faults += [f"{name} at 400 %: {fault}" for fault in page.evaluate(CLIPPED)]
        page.set_viewport_size(own)

    def _run(self, page: Page, name: tuple[str, str, bool], options: dict[str, object]) -> None:
        page.evaluate(STILL)
        found = page.evaluate("options => axe.run(options)", {"resultTypes": ["violations"], **options})
        for fault in found["violations"]:
            places = ", ".join(str(node["target"]) for node in fault["nodes"])
            self.faults.append(f"{name}: {fault['id']} at {places}: {fault['help']}")

    def _check_width(self, page: Page, name: tuple[str, str, bool], width: int) -> None:
        needed = page.evaluate("document.documentElement.scrollWidth")
        if needed > width:
            self.faults.append(f"{name}: {needed} px wide on a screen of {width} px")

    def _name(self, page: Page, state: str) -> tuple[str, str, bool]:
        path, step, has_errors = page.evaluate(NAME)
        return re.sub(r"/i/.*|/(\d+|[0-9a-f-]{36}|[CP]-\d{4}-\d{6})(?=/)", "/…", path), step or state, has_errors
