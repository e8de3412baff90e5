"""The insurer's people who pay: one makes a run of payments, two others sign it, and the bank's results come back."""

import csv
import re
from pathlib import Path

from playwright.sync_api import Download

from mypolis.foundation.markets import market as market_of
from tests.e2e.desk.worker import PROOF, Worker
from tests.waiting import until

type BankLine = dict[str, str]
"""A line of the file for the bank, by its columns."""

_WHOLE_AND_CENTS = re.compile(r"(.*?\d)(?:[.,](\d\d))?\D*")


def digits_of(sum_as_read: str) -> str:
    """A sum as a person types it who reads "12.500,00 RSD" or "Rp250.000": in digits, with a point before cents."""
    found = _WHOLE_AND_CENTS.fullmatch(sum_as_read)
    assert found
    return re.sub(r"\D", "", found[1]) + (f".{found[2]}" if found[2] else "")


class Cashier(Worker):
    """Somebody who makes payment runs, signs those of others, or brings the bank's results, as their role allows."""

    def makes_a_run(self) -> str:
        """Make a run of everything that is due. Returns its number."""
        self.goes_to("payments/")
        self.press("form[action$='/payments/make/'] button")
        if not self._run:  # something was left out, so the page names that first
            self.press("main p > a[href*='/payments/P-']")
        return self._run

    def signs(self, run: str) -> str:
        """Type a run's number of payments and its totals, and sign it. Returns the run's badge afterwards."""
        self.goes_to(f"payments/{run}/")
        count, *others = self.page.locator("[aria-labelledby=figures] dd").all_inner_texts()
        self.page.locator("[name=count]").fill(count)
        fields = self.page.locator("[name^=total_]").all()  # one for each currency
        for field, total in zip(fields, others, strict=False):
            field.fill(digits_of(total))
        self.press(f"{SIGNING} button")
        return self.badge

    def cannot_sign(self, run: str) -> bool:
        """Whether a run's page does not let this person sign."""
        self.goes_to(f"payments/{run}/")
        return self.page.locator(SIGNING).count() == 0

    def fetches(self, run: str, number: str) -> BankLine:
        """Fetch a run's file. Returns its line about a claim."""
        self.goes_to(f"payments/{run}/")
        with Path(self._download().path()).open(encoding="utf-8", newline="") as file:
            (line,) = (one for one in csv.DictReader(file) if one["text"] == number)
        return line

    def brings(self, line: BankLine, state: str, code: str = "") -> int:
        """Enter what the bank says about one payment. Returns how many were recorded; no line needs a person."""
        day = market_of(self.market).today().isoformat()
        self.goes_to("payments/results/")
        self.page.locator("[name=table]").fill(f"reference,state,date,code\n{line['reference']},{state},{day},{code}\n")
        self.press("form:has([name=table]) .form-actions button")
        assert self.page.locator("main table").count() == 0, self.tab.text
        (recorded,) = re.findall(r"\d+", self.page.locator("main [role=status]").inner_text())
        return int(recorded)

    @property
    def _run(self) -> str:
        """The number of the run whose page is open; empty on another page."""
        return self.tab.heading if self.tab.heading.startswith("P-") else ""

    def _download(self) -> Download:
        """Press the button that fetches the file. If the page asks for a code first, the file comes after it."""
        come: list[Download] = []

        def keep(download: Download) -> None:
            come.append(download)

        self.page.once("download", keep)
        self.page.locator("form[action$='/file/'] button").click()
        until(lambda: self.is_asked_again or come)
        if not come:
            self.type_a_code()
            self.page.locator(f"{PROOF} .form-actions button").click()
            until(lambda: self.page.locator("h1").count() and come)
        return come[0]


class Cashiers:
    """Three who pay the claims of a market, because nobody signs a run that they made or signed."""

    def __init__(self, maker: Cashier, *signers: Cashier) -> None:
        self.maker, self.signers = maker, signers

    def send_to_the_bank(self, number: str) -> BankLine:
        """Make a run, sign it twice and fetch its file. Returns the line that pays a claim."""
        run = self.maker.makes_a_run()
        assert self.maker.cannot_sign(run)
        first, second = [one.signs(run) for one in self.signers]
        assert first != second, "the badge says how many have signed"
        return self.maker.fetches(run, number)


SIGNING = "form[action*='/sign/']"
