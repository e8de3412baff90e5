"""What the walks need of a browser, whatever its engine and the protocol it is driven by."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

PATIENCE_SECONDS = 120
"""Only how long a failure takes: nothing waits longer than it must."""
_POLL_SECONDS = 0.05

FIND = """css => [...document.querySelectorAll(css)].find((one) => one.checkVisibility({ visibilityProperty: true }))"""
"""The first visible element that fits."""

PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
"""Ends when the page is on the screen as it is now."""


class BrowserError(Exception):
    """The browser refused a command; often because the page that it was for has just gone."""


class Browser(ABC):
    """One person's browser with one tab: cookies, storage and service workers of its own."""

    name: str

    def __init__(self) -> None:
        self.owned = ExitStack()
        """Closed by `close`, the newest first."""

    @abstractmethod
    def goto(self, url: str) -> None:
        """Load an address and wait until it is loaded."""

    @abstractmethod
    def back(self) -> None:
        """Go one page back, as its button does; does not wait."""

    @abstractmethod
    def evaluate(self, script: str, *values: object) -> Any:
        """Call a JavaScript function, given as its text, with JSON values; awaits and returns its JSON result."""

    @abstractmethod
    def click(self, css: str) -> None:
        """Scroll the first visible match into view and click at its middle, as a mouse does."""

    @abstractmethod
    def type(self, text: str) -> None:
        """Press the keys of a text, into what has the focus."""

    @abstractmethod
    def screenshot(self) -> bytes:
        """The visible part of the page as a PNG."""

    @abstractmethod
    def resize(self, width: int, height: int) -> None:
        """Ask for another size of the page; does not wait."""

    def faults(self) -> list[str]:
        """What the browser complained of since the last call; empty for a browser that cannot tell."""
        return []

    def close(self) -> None:
        """Close the browser and forget everything."""
        self.owned.close()

    def set_size(self, width: int, height: int) -> None:
        """Resize the page and wait until it is laid out."""
        self.resize(width, height)
        self.wait_for("width => innerWidth === width && document.readyState === 'complete'", width)
        self.evaluate(PAINTED)

    def fill(self, css: str, text: str) -> None:
        """Click into a field and type over what is in it."""
        self.click(css)
        self.wait_for("css => document.activeElement?.matches(css)", css)
        self.evaluate("() => document.activeElement.select()")
        self.type(text)

    def wait_for(self, script: str, *values: object) -> None:
        """Wait until a JavaScript function returns something true."""
        until(lambda: self.evaluate(script, *values), f"{self.name}: {script} of {values}")


def until[T](ask: Callable[[], T], what: str) -> T:
    """Ask again and again, also after a `BrowserError`, until the answer is true; the answer."""
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
