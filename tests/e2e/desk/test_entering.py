"""A letter with receipts becomes a claim: an operator types it, an assessor takes it, the member sees it."""

from pathlib import Path

import pytest
from django.utils import translation
from playwright.sync_api import expect

from mypolis.foundation.markets import market as market_of
from mypolis.insurance.claims.lifecycle.states import STATE_LABELS, State
from tests.e2e.claims.claim_markets import WALKS
from tests.e2e.claims.claim_steps import photos
from tests.e2e.conftest import Phone
from tests.e2e.desk.assessors import Assessor
from tests.e2e.desk.operators import ONE_DAY, Operator
from tests.e2e.test_family import registered, sign_in
from tests.e2e.walking.inbox import Inbox
from tests.e2e.walking.running import Demo

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]


def test_a_letter_is_entered_after_two_mistakes_and_decided_by_somebody_else(
    phone: Phone, demo: Demo, inbox: Inbox, tmp_path: Path
) -> None:
    walk, who, today = WALKS["rs"], registered(demo, "rs")[0], market_of("rs").today()
    scans = photos(walk, tmp_path)
    operator = Operator(phone, demo, "rs", "operator")
    operator.begins(who["email"], walk.benefit)
    operator.types(walk, came_on=today - 3 * ONE_DAY, treated_on=today - 2 * ONE_DAY)
    operator.chooses("bill", scans["bill"])
    operator.enters()
    expect(operator.page.locator(".errors li")).to_have_count(2)  # the day, and the paper that was forgotten
    assert operator.scans == len(scans["bill"]), "no scan is lost"

    operator.press("[name=more]")
    expect(operator.page.locator("[name=bill10_amount]")).to_have_count(1)
    operator.types_day("came_on", today - ONE_DAY)
    operator.chooses("report", scans["report"])
    operator.enters()
    number = operator.page.url.partition("?number=")[2]
    assert number in operator.tab.text

    assessor = Assessor(phone, demo, "rs", "assessor")
    assessor.waits_for_checks(number)
    assessor.finds(number)
    expect(assessor.page.locator("[data-pages] figure")).to_have_count(3)
    assessor.decides(number)
    tab = phone("rs")
    sign_in(tab, "rs", who)
    tab.open(inbox.claim(who["email"], number))
    with translation.override(market_of("rs").default_language):
        assert str(STATE_LABELS[State.RECEIVED]) not in tab.page.locator(".state").inner_text(), "it is decided"
        assert "stigli poštom" in tab.text
