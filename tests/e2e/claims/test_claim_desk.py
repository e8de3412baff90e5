"""A claim goes from a member's phone to money and back through an appeal, with both sides in browsers."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import gettext, gettext_lazy
from playwright.sync_api import expect

from mypolis.foundation.markets import market as market_of
from mypolis.insurance.claims.desk.pages.wording import STATES
from mypolis.insurance.claims.lifecycle.states import STATE_LABELS, State
from tests.e2e.claims.claim_markets import WALKS, ClaimWalk
from tests.e2e.claims.claim_steps import (
    answer,
    appeal,
    begin,
    fill_in,
    photo,
    photos,
    read_why,
    send,
    take_another_account,
)
from tests.e2e.claims.test_claim_walk import money
from tests.e2e.conftest import Phone
from tests.e2e.desk.assessors import Assessor
from tests.e2e.desk.cashiers import Cashier, Cashiers
from tests.e2e.desk.colleagues import colleague
from tests.e2e.test_family import registered, sign_in
from tests.e2e.walking.browsing import Tab
from tests.e2e.walking.inbox import Inbox
from tests.e2e.walking.lists import MARKETS
from tests.e2e.walking.running import Demo
from tests.effort import cases

TOOK_PART = gettext_lazy("You took part in the decision that the member appealed.")
pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]


@pytest.mark.parametrize("market", cases(MARKETS, quick=["rs"]))
def test_a_claim_goes_to_money_and_back_through_an_appeal(
    market: str, phone: Phone, demo: Demo, inbox: Inbox, tmp_path: Path
) -> None:
    walk, tab = WALKS[market], phone(market)
    who = registered(demo, market)[1]
    sign_in(tab, market, who)
    number = sent(tab, walk, market, who, inbox, photos(walk, tmp_path))

    assessor = Assessor(phone, demo, market, "assessor")
    assessor.finds(number)
    sees_the_papers(assessor)
    assessor.grants(number, walk.granted, "not_a_medical_cost")
    assessor.asks(number, walk.question)
    tab.open(inbox.claim(who["email"], number))
    answer(tab, walk, photo(tmp_path / "more.jpg"))
    assessor.goes_on(number, once=assessor.reads(STATES[State.IN_REVIEW]))
    senior = partial(Assessor, phone, demo, market, "senior-assessor")
    had_second = decided(assessor, number, second=lambda: senior(1))

    cashiers = who_pay(phone, demo, market)
    refused = cashiers.send_to_the_bank(number)
    assert refused["amount"] == f"{walk.granted}.00"
    assert cashiers.maker.brings(refused, "failed", "account_closed") == 1
    tab.open(inbox.claim(who["email"], number))
    assert label(State.PAYMENT_FAILED, market) in tab.page.locator(".state").inner_text()
    take_another_account(tab, market, who, inbox)

    paid = cashiers.send_to_the_bank(number)
    assert paid["amount"] == refused["amount"]
    assert paid["account"] != refused["account"]
    assert paid["reference"] != refused["reference"], "the bank can tell the two payments apart"
    assert cashiers.maker.brings(paid, "paid") == 1
    tab.open(inbox.claim(who["email"], number))
    assert we_paid(walk.granted, market) in tab.page.locator(".state").inner_text()
    assert read_why(tab)
    appeal(tab, walk)

    assert assessor.reads(TOOK_PART) in assessor.is_refused(number)
    other = senior(0)
    other.finds(number)
    other.grants(number, walk.billed)
    decided(other, number, second=lambda: promoted(phone, demo, market) if had_second else senior(1))
    rest = cashiers.send_to_the_bank(number)
    assert rest["amount"] == f"{walk.own_share}.00", "only the difference is paid"
    assert rest["account"] == paid["account"]
    assert cashiers.maker.brings(rest, "paid") == 1
    tab.open(inbox.claim(who["email"], number))
    assert we_paid(walk.billed, market) in tab.page.locator(".state").inner_text()
    assessor.opens(number)
    assert assessor.badge == assessor.reads(STATES[State.PAID])


def sent(
    tab: Tab, walk: ClaimWalk, market: str, who: dict[str, str], inbox: Inbox, papers: dict[str, list[Path]]
) -> str:
    """The member makes a claim with all its papers, and sends it. Returns its number."""
    begin(tab, walk, market)
    for paper, files in papers.items():
        box = tab.page.locator(f"[data-uploads][data-kind={paper}]")
        box.locator("[data-upload]").set_input_files(files)
        expect(box.locator("[data-state=arrived]")).to_have_count(len(files))
    tab.press(tab.page.locator("main .form-actions button").first)
    fill_in(tab, walk, market, who, inbox)
    return send(tab)


def sees_the_papers(assessor: Assessor) -> None:
    """The pages of the checked files are beside the bills, as pictures."""
    expect(assessor.page.locator("[data-pages] figure")).to_have_count(3)
    picture = assessor.page.locator("[data-pages] img").first
    expect(picture).to_have_js_property("complete", value=True)
    assert picture.evaluate("one => one.naturalWidth") > 0, "a page of a checked file is shown"


def who_pay(phone: Phone, demo: Demo, market: str) -> Cashiers:
    """The market's people who pay: an operator makes the runs, two others sign them."""
    return Cashiers(
        Cashier(phone, demo, market, "operator"),
        Cashier(phone, demo, market, "administrator"),
        Cashier(phone, demo, market, "administrator", 1),
    )


def decided(assessor: Assessor, number: str, *, second: Callable[[], Assessor]) -> bool:
    """An assessor decides; a second person confirms what is above the rules. Returns whether one was needed."""
    badge = assessor.decides(number)
    if needed := badge == assessor.reads(STATES[State.SECOND_REVIEW]):
        other = second()
        other.finds(number)
        badge = other.decides(number)
    assert badge == assessor.reads(STATES[State.TO_BE_PAID])
    return needed


def promoted(phone: Phone, demo: Demo, market: str) -> Assessor:
    """A third senior assessor, for a market in which both took part in the decision: the agent becomes one."""
    email = colleague(demo, "agent", market=market)["email"]
    demo.run("staff", "role", email, "--role", "senior-assessor", "--market", market, "--by", "staff:olga")
    return Assessor(phone, demo, market, "agent")


def label(state: State, market: str) -> str:
    """What the market's members read about a state."""
    with translation.override(market_of(market).default_language):
        return str(STATE_LABELS[state])


def we_paid(amount: str, market: str) -> str:
    """What the market's members read once a sum is paid."""
    with translation.override(market_of(market).default_language):
        return gettext("We paid %(sum)s") % {"sum": money(amount, market)}
