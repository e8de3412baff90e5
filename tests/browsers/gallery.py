"""Checks pages in every engine, and takes pictures of them for people to look at."""

import re
from pathlib import Path

from tests.browsers.browser import Browser
from tests.e2e.walking.accessibility import CLIPPED, NAME

WIDTHS = {"phone": 390, "wide": 1280}
HEIGHT = 844
TALLEST = 3000
"""The size of a picture in CSS pixels."""

CUT_OFF = """() => [...document.querySelectorAll("main *")]
  .filter((one) => one.clientHeight && ["hidden", "clip"].includes(getComputedStyle(one).overflowY))
  .filter((one) => !one.closest(".visually-hidden, svg"))
  .filter((one) => {
    const end = one.getBoundingClientRect().bottom - parseFloat(getComputedStyle(one).paddingBottom);
    return [...one.children].some((child) => child.getBoundingClientRect().bottom > end + 1);
  })
  .map((one) => `${one.tagName}.${one.className} is cut off`)"""
"""Boxes that hide overflow, and whose content may extend into their padding."""


class Gallery:
    """Examines each page once in each engine, on a phone and on a wide screen, and collects faults.

    With a folder, it stores a picture of each page: `<engine>/<page>-<width>.png`.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._seen: set[tuple[str, str]] = set()
        self.faults: list[str] = []

    def look(self, browser: Browser) -> None:
        """Examine the page, unless this kind of page was examined before in this engine."""
        self.faults += [f"{browser.name}: {fault}" for fault in browser.faults()]
        path, step, has_errors = browser.evaluate(NAME)
        path = re.sub(r"/(\d+|[0-9a-f-]{36})(?=/)", "/one", path)
        name = "-".join(part for part in (*path.split("/"), step, "errors" * has_errors) if part)
        if (browser.name, name) in self._seen:
            return
        self._seen.add((browser.name, name))
        for screen, width in reversed(WIDTHS.items()):
            browser.set_size(width, HEIGHT)
            found = browser.evaluate(CLIPPED) + browser.evaluate(CUT_OFF)
            needed = browser.evaluate("() => document.documentElement.scrollWidth")
            if needed > width:
                found.append(f"{needed} px wide")
            self.faults += [f"{browser.name}: {name} on a screen of {width} px: {fault}" for fault in found]
            if self._folder:
                self._keep(browser, name, screen, width)

    def _keep(self, browser: Browser, name: str, screen: str, width: int) -> None:
        assert self._folder
        height = int(browser.evaluate("() => document.documentElement.scrollHeight"))
        browser.set_size(width, min(max(height, HEIGHT), TALLEST))
        target = self._folder / browser.name / f"{name}-{screen}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(browser.screenshot())
        browser.set_size(width, HEIGHT)
