"""The interface of a browser for the walks, independent of its engine and protocol."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 120
"""How long a failure takes; a success does not wait."""
_POLL_SECONDS = 0.05

FIND = """css => [...document.querySelectorAll(css)].find((one) => one.checkVisibility({ visibilityProperty: true }))"""
"""Finds the first visible match."""

PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
"""Waits until the current page is painted."""


class BrowserError(Exception):
    """The browser refused a command; often because the page has just been left."""


class Browser(ABC):
    """One person's browser with one tab, and with separate cookies, storage and service workers."""

    name: str

    def __init__(self) -> None:
        self.owned = ExitStack()
        """What `close` closes, newest first."""

    @abstractmethod
    def goto(self, url: str) -> None:
        """Load a URL and wait until the page is loaded."""

    @abstractmethod
    def back(self) -> None:
        """Go back one page, like the button; does not wait."""

    @abstractmethod
    def evaluate(self, script: str, *values: object) -> Any:
        """Call a JavaScript function, given as text, with JSON values. Awaits and returns its JSON result."""

    @abstractmethod
    def click(self, css: str) -> None:
        """Scroll the first visible match into view and click its centre like a mouse."""

    @abstractmethod
    def type(self, text: str) -> None:
        """Press the keys of a text; they go to the focused element."""

    @abstractmethod
    def choose_file(self, css: str, file: Path) -> None:
        """Choose a file in the first match, which may be hidden behind a button."""

    @abstractmethod
    def screenshot(self) -> bytes:
        """The visible part of the page as a PNG."""

    @abstractmethod
    def resize(self, width: int, height: int) -> None:
        """Request another size of the page; does not wait."""

    def faults(self) -> list[str]:
        """Return the browser's errors and warnings since the last call; empty if the browser cannot report them."""
        return []

    def close(self) -> None:
        """Close the browser and delete its data."""
        self.owned.close()

    def set_size(self, width: int, height: int) -> None:
        """Resize the page and wait for the new layout."""
        self.resize(width, height)
        self.wait_for("width => innerWidth === width && document.readyState === 'complete'", width)
        self.evaluate(PAINTED)

    def fill(self, css: str, text: str) -> None:
        """Click into a field and replace its value."""
        self.click(css)
        self.wait_for("css => document.activeElement?.matches(css)", css)
        self.evaluate("() => document.activeElement.select()")
        self.type(text)

    def wait_for(self, script: str, *values: object) -> None:
        """Wait until a JavaScript function returns a true value."""
        until(lambda: self.evaluate(script, *values), f"{self.name}: {script} of {values}")


def until[T](ask: Callable[[], T], what: str) -> T:
    """Call `ask` until it returns a true value, also after a `BrowserError`. Returns the value."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    problem: BrowserError | None = None
    while time.monotonic() < deadline:
        try:
            answer = ask()
        except BrowserError as error:
            problem = error
        else:
            if answer:
                return answer
        time.sleep(_POLL_SECONDS)
    raise AssertionError(f"waited {PATIENCE_SECONDS} seconds in vain for {what}") from problem
