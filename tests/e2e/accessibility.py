"""axe on every page that these tests meet: once each, on a light phone and on a wide dark screen."""

import re

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, ViewportSize

PHONE: ViewportSize = {"width": 360, "height": 740}
WIDE: ViewportSize = {"width": 1280, "height": 900}
WHAT_CHANGES = "color-contrast", "target-size", "scrollable-region-focusable"
"""The rules that may judge a wide dark page otherwise than a light one on a phone."""

NAME = """() => [
  location.pathname,
  document.querySelector("#step > [name=step]")?.value ?? "",
  document.querySelector(".errors") !== null,
]"""


class Inspector:
    """Looks once at each page, told apart by its address without secrets, its heading's place and its state."""

    def __init__(self) -> None:
        self.pages: set[tuple[str, str, bool]] = set()
        self.faults: list[str] = []
        self._script = Axe().axe_script

    def look(self, page: Page) -> None:
        """Examine the page unless one of its kind was examined before."""
        name = self._name(page)
        if name in self.pages:
            return
        self.pages.add(name)
        page.evaluate(self._script)
        self._run(page, name, {})
        self._check_width(page, name, PHONE["width"])
        page.set_viewport_size(WIDE)
        page.emulate_media(color_scheme="dark")
        self._run(page, name, {"runOnly": WHAT_CHANGES})
        page.set_viewport_size(PHONE)
        page.emulate_media(color_scheme="light")

    def _run(self, page: Page, name: tuple[str, str, bool], options: dict[str, object]) -> None:
        found = page.evaluate("options => axe.run(options)", {"resultTypes": ["violations"], **options})
        for fault in found["violations"]:
            places = ", ".join(str(node["target"]) for node in fault["nodes"])
            self.faults.append(f"{name}: {fault['id']} at {places}: {fault['help']}")

    def _check_width(self, page: Page, name: tuple[str, str, bool], width: int) -> None:
        needed = page.evaluate("document.documentElement.scrollWidth")
        if needed > width:
            self.faults.append(f"{name}: {needed} px wide on a screen of {width} px")

    def _name(self, page: Page) -> tuple[str, str, bool]:
        path, step, has_errors = page.evaluate(NAME)
        return re.sub(r"/i/.*", "/i/…", path), step, has_errors
