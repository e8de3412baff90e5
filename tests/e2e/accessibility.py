"""axe on every page that these tests meet: once each, on a phone and on a wide screen, light and dark."""

import re
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

PHONE: ViewportSize = {"width": 360, "height": 740}
WIDE: ViewportSize = {"width": 1280, "height": 900}
COLOURS = ["color-contrast", "color-contrast-enhanced", "link-in-text-block"]
"""The rules that see a difference between light and dark."""


class Inspector:
    """Looks once at each page, told apart by its address without secrets, its heading's place and its state."""

    def __init__(self) -> None:
        self.pages: set[tuple[str, str, bool]] = set()
        self.faults: list[str] = []
        self._axe = Axe()

    def look(self, page: Page) -> None:
        """Examine the page unless one of its kind was examined before."""
        name = self._name(page)
        if name in self.pages:
            return
        self.pages.add(name)
        for viewport in (PHONE, WIDE):
            page.set_viewport_size(viewport)
            self._run(page, name, {"resultTypes": ["violations"]})
            self._check_width(page, name, viewport["width"])
            page.emulate_media(color_scheme="dark")
            self._run(page, name, {"resultTypes": ["violations"], "runOnly": COLOURS[:1]})
            page.emulate_media(color_scheme="light")
        page.set_viewport_size(PHONE)

    def _run(self, page: Page, name: tuple[str, str, bool], options: dict[str, object]) -> None:
        for fault in self._axe.run(page, options=options).response["violations"]:
            places = ", ".join(str(node["target"]) for node in fault["nodes"])
            self.faults.append(f"{name}: {fault['id']} at {places}: {fault['help']}")

    def _check_width(self, page: Page, name: tuple[str, str, bool], width: int) -> None:
        needed = page.evaluate("document.documentElement.scrollWidth")
        if needed > width:
            self.faults.append(f"{name}: {needed} px wide on a screen of {width} px")

    def _name(self, page: Page) -> tuple[str, str, bool]:
        path = re.sub(r"/i/.*", "/i/…", urlsplit(page.url).path)
        step = page.locator("#step > [name=step]")
        has_errors = page.locator(".errors").count() > 0
        return path, step.get_attribute("value") or "" if step.count() else "", has_errors
