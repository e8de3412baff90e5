"""The insurer's assessors: they decide claims at the desk."""

from tests.e2e.desk.worker import Worker
from tests.waiting import until


class Assessor(Worker):
    """Somebody who decides claims."""

    def opens(self, number: str, part: str = "") -> None:
        """Open a page of a claim."""
        self.goes_to(f"claims/{number}/{part}")

    def finds(self, number: str) -> None:
        """Find a claim in the queue, and take it."""
        self.goes_to("claims/")
        while not self.page.get_by_role("link", name=number).count():
            self.press("main a[href*='after=']")
        self.press(f"main a[href$='/claims/{number}/']")
        self.press("[data-key=t]")

    def waits_for_checks(self, number: str) -> None:
        """Open a claim until its files are checked, so that it can be taken."""

        def can_take() -> bool:
            self.opens(number)
            return self.page.locator("[data-key=t]").count() > 0

        until(can_take, every=0.5, otherwise=lambda: self.tab.text)

    def asks(self, number: str, words: str) -> None:
        """Ask the member in one's own words."""
        self.opens(number, "questions/")
        self.page.locator("[name=own]").fill(words)
        self.press("form:has([name=own]) .form-actions button")

    def grants(self, number: str, amount: str, reason: str = "") -> None:
        """Grant another sum for the first bill."""
        self.opens(number, "?line=0")
        self.page.locator("[name=granted]").fill(amount)
        if reason:
            self.page.locator("[name=reason]").select_option(reason)
        self.press(".desk-line-form [type=submit]")

    def decides(self, number: str) -> str:
        """Read what the member will read, and decide. Returns the claim's badge once it cannot be taken back."""
        self.opens(number)
        self.press("main a.button[href$='/decision/']")
        self.press("[data-key=y]")

        def is_final() -> bool:
            self.opens(number)
            return self.page.locator("form[action$='/undo/']").count() == 0

        until(is_final, every=0.5, otherwise=lambda: self.tab.text)
        return self.badge

    def goes_on(self, number: str, *, once: str) -> None:
        """Wait until the answer has come, its papers are checked and the badge says so; then go on with it."""

        def has_come() -> bool:
            self.opens(number)
            return self.badge == once

        until(has_come, every=0.5, otherwise=lambda: self.tab.text)
        self.press("[data-key=g]")

    def is_refused(self, number: str) -> str:
        """Try to take a claim. Returns why it is refused."""
        self.opens(number)
        self.press("[data-key=t]")
        return self.refusal
