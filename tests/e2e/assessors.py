"""The insurer's assessors in browsers of their own: they join with an app, and decide claims at the desk."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page
from pyotp import TOTP

from mypolis.foundation.rooms import Role
from tests.e2e.accessibility import WIDE
from tests.e2e.running import Demo
from tests.waiting import until

PASSWORD = "lamp-Orchid 7 river-stone"


class Assessor:
    """Somebody who works at the desk of a market, in a browser in which they are signed in."""

    def __init__(self, chromium: Browser, demo: Demo, market: str, name: str, role: Role = "assessor") -> None:
        self.market, self._url = market, demo.url
        address = f"{name.lower()}.{market}@insurer.example"
        link = demo.run(
            *("staff", "invite", address, "--name", name, "--role", role, "--market", market, "--by", "staff:olga")
        )
        self.context = chromium.new_context(viewport=WIDE, locale="en", service_workers="block")
        self.context.set_default_timeout(30_000)
        self.page = self.context.new_page()
        self._join(urlsplit(link.strip()).path)

    def opens(self, number: str, part: str = "") -> Page:
        """Open a page of a claim."""
        self.page.goto(f"{self._url}/desk/{self.market}/claims/{number}/{part}", wait_until="domcontentloaded")
        return self.page

    def finds(self, number: str) -> None:
        """Find a claim in the queue, and take it."""
        self.page.goto(f"{self._url}/desk/{self.market}/claims/", wait_until="domcontentloaded")
        self._press(self.page.get_by_role("link", name=number))
        self._press(self.page.get_by_role("button", name="Take", exact=True))

    def asks(self, number: str, words: str) -> None:
        """Ask the member in one's own words."""
        self.opens(number, "questions/").locator("[name=own]").fill(words)
        self._press(self.page.get_by_role("button", name="Ask all at once"))

    def grants(self, number: str, amount: str, reason: str = "") -> None:
        """Grant another sum for the first bill."""
        self.opens(number, "?line=0").locator("[name=granted]").fill(amount)
        if reason:
            self.page.locator("[name=reason]").select_option(reason)
        self._press(self.page.get_by_role("button", name="Save the line"))

    def decides(self, number: str) -> str:
        """Read what the member will read, and decide. Returns the claim's badge afterwards."""
        self.opens(number)
        self._press(self.page.get_by_role("link", name=re.compile("^Read and ")))
        self._press(self.page.locator("[data-key=y]"))
        return self.page.locator(".heading .badge").first.inner_text()

    def goes_on(self, number: str) -> None:
        """Wait until the answer has come and its papers are checked; then let the assessment rest on it."""

        def is_in_review() -> bool:
            return self.opens(number).locator(".heading .badge").first.inner_text() == "In review"

        until(is_in_review, otherwise=lambda: self.page.locator("main").inner_text())
        self._press(self.page.locator("[data-key=g]"))

    def is_refused(self, number: str) -> str:
        """Try to take a claim. Returns why it is refused."""
        self.opens(number)
        self._press(self.page.get_by_role("button", name="Take", exact=True))
        return self.page.locator("[role=alert]").inner_text()

    def _join(self, path: str) -> None:
        self.page.goto(f"{self._url}{path}", wait_until="domcontentloaded")
        for name in ("password", "password_repeat"):
            self.page.locator(f"[name={name}]").fill(PASSWORD)
        self._press(self.page.locator("main .form-actions button").first)
        secret = self.page.locator("main p > code").first.inner_text().replace(" ", "")
        form = self.page.locator("form:has([name=ticket])")
        form.locator("[name=code]").fill(TOTP(secret).now())
        self._press(form.locator(".form-actions button"))

    def _press(self, button: Locator) -> None:
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            button.click()
