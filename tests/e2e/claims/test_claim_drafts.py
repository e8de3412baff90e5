"""A first claim on a phone: from home to sent, few screens, few typed fields, few taps; and the same without script."""

from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Phone
from tests.e2e.test_family import registered, sign_in
from tests.e2e.walking.browsing import Tab
from tests.e2e.walking.inbox import Inbox
from tests.e2e.walking.lists import MARKETS
from tests.e2e.walking.running import Demo
from tests.effort import cases

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

ACCOUNTS = {
    "rs": {"account_number": "160-123456789-56"},
    "id": {"account_number": "1234567890"},
    "ru": {"account_number": "Счёт: 40817810612345678901\nБИК: 044525225"},  # as a bank's app copies it
}
DAY = {"treated_on_day": "2", "treated_on_month": "3", "treated_on_year": "2026"}
WORDS = {"provider": "Klinika Lipa", "diagnosis": "kašalj i temperatura", "bill_amount": "15000"}


class Claimant:
    """Walks through a claim and counts screens, typed fields and taps; a date is one field of three boxes."""

    def __init__(self, tab: Tab) -> None:
        self.tab, self.page = tab, tab.page
        self.screens = self.typed = self.taps = 0

    def go(self, button: Locator) -> None:
        """Tap what leads to the next screen."""
        self.taps += 1
        self.tab.press(button)
        self.screens += 1

    def type(self, **values: str) -> None:
        """Fill in fields."""
        for name, value in values.items():
            self.page.locator(f"[name={name}]").fill(value)
            self.taps += 1
            self.typed += 1

    def day(self) -> None:
        """Fill in the day of treatment."""
        self.type(**DAY)
        self.typed -= len(DAY) - 1

    def photos(self, folder: Path, *, script: bool) -> None:
        """Choose a photo for each paper that the claim needs."""
        fields = self.page.locator("input[type=file]")
        wanted = fields.count() - 1  # the last one is for papers that nobody asks for
        for number in range(wanted):
            picture = folder / f"{number}.jpg"
            Image.new("RGB", (600, 800), (number * 40, 120, 200)).save(picture)
            fields.nth(number).set_input_files(picture)
            self.taps += 2  # the field, and the photo
        if script:
            expect(self.page.locator("[data-list] > [data-state=arrived]")).to_have_count(wanted)

    def account(
        self, market: str, who: dict[str, str], inbox: Inbox, accounts: Mapping[str, dict[str, str]] = ACCOUNTS
    ) -> None:
        """Add a bank account, if the page asks for one."""
        if "/bank-account/" not in self.page.url:
            return
        if market == "id":
            self.page.locator("[name=bank]").select_option(index=1)
            self.taps += 2
        self.type(**accounts[market])
        if self.page.locator("[name=password]").count():  # asked for a while after sign-in
            self.type(password=who["password"])
        self.go(self.page.locator("#step .form-actions button"))
        self.type(code=inbox.code(who["mobile"] if market == "ru" else who["email"]))
        self.go(self.page.locator("#step .form-actions button"))
        assert "/bank-account/" not in self.page.url, self.tab.text


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("market", cases(MARKETS, quick=["rs"]))
def test_a_first_claim_is_short(
    market: str, script: bool, phone: Phone, demo: Demo, inbox: Inbox, tmp_path: Path
) -> None:
    who = registered(demo, market)[1]
    tab = phone(market, script=script)
    sign_in(tab, market, who)
    tab.open(f"/{market}/home/")
    claimant = Claimant(tab)
    main = tab.page.locator("main .form-actions button")
    claimant.go(tab.page.locator("a[href$='/claims/new/']").first)
    claimant.go(tab.page.locator("button[name=benefit]").first)
    claimant.photos(tmp_path, script=script)
    claimant.go(main.first)
    claimant.day()
    claimant.type(**WORDS)
    claimant.go(main.first)
    claimant.account(market, who, inbox)
    assert tab.page.url.split("?")[0].endswith("/review/"), tab.text
    assert (claimant.screens <= 6, claimant.typed <= 6, claimant.taps <= 25) == (True, True, True), vars(claimant)
    tab.press(main.last)
    assert "/review/" not in tab.page.url, tab.text


def test_fields_save_themselves_and_the_network_may_fail(phone: Phone, demo: Demo, inbox: Inbox) -> None:
    who = registered(demo, "rs")[1]
    tab = phone("rs")
    sign_in(tab, "rs", who)
    tab.open("/rs/claims/new/")
    tab.press(tab.page.locator("button[name=benefit]").first)
    address = tab.page.url.replace("/documents/", "/bills/")
    tab.open(address)
    note = tab.page.locator("[data-note]")
    with tab.cut_off():
        tab.page.locator("[name=provider]").fill("Klinika Lipa")
        tab.page.locator("[name=diagnosis]").focus()
        expect(note).to_have_text(str(note.get_attribute("data-offline")))
    tab.page.wait_for_function("() => document.querySelector('[name=was-provider]').value === 'Klinika Lipa'")
    tab.page.locator("[name=bill_amount]").fill("150.000")
    tab.page.locator("[name=diagnosis]").focus()
    tab.page.locator(".field-wrong [name=bill_amount]").wait_for()
    tab.inspect("refused by the script")
    assert note.inner_text() == ""
    for part in ("pay/", "review/", "discard/", f"bills/{uuid4()}/"):
        tab.open(address.replace("bills/", part))
        assert tab.heading
    other = tab.twin()
    other.open(address)
    assert other.value("provider") == "Klinika Lipa"
    assert other.value("bill_amount") == ""
