"""The insurer's operators: they enter claims that came by phone or post."""

from datetime import date, timedelta
from pathlib import Path

from tests.e2e.claims.claim_markets import ClaimWalk
from tests.e2e.desk.worker import Worker


class Operator(Worker):
    """Somebody who enters a claim in a member's place."""

    def begins(self, contact: str, benefit: str) -> None:
        """Find the member by phone or e-mail, and choose what the claim is for."""
        self.goes_to("people/")
        self.page.locator("main [name=typed]").fill(contact)
        self.press("main form[role=search] .form-actions button")
        self.press("main tbody th a")
        self.press("main a[href$='/claims/new/']")
        what = self.page.locator("[name=what]")
        what.select_option(what.locator(f"option[value$=':{benefit}']").first.get_attribute("value"))
        self.enters()

    def types(self, walk: ClaimWalk, *, came_on: date, treated_on: date) -> None:
        """Type what a letter says, with its first bill."""
        self.page.locator("[name=came_by][value=post]").check()
        self.types_day("came_on", came_on)
        self.types_day("treated_on", treated_on)
        self.page.locator("[name=provider]").fill(walk.provider)
        self.page.locator("[name=diagnosis]").fill(walk.illness)
        self.page.locator("[name=bill1_amount]").fill(walk.billed)

    def types_day(self, name: str, day: date) -> None:
        """Type a day into its three boxes."""
        for part in ("day", "month", "year"):
            self.page.locator(f"[name={name}_{part}]").fill(str(getattr(day, part)))

    def chooses(self, kind: str, scans: list[Path]) -> None:
        """Choose scans of a paper."""
        self.page.locator(f"[name=paper_{kind}]").set_input_files(scans)

    def enters(self) -> None:
        """Press the page's main button."""
        self.press("main .form-actions button")

    @property
    def scans(self) -> int:
        """How many scans are there already."""
        return self.page.locator("#papers li").count()


ONE_DAY = timedelta(days=1)
