"""A claim goes from a member's phone to the desk and back through an appeal, with both sides in browsers."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.assessors import Assessor
from tests.e2e.browsing import Tab
from tests.e2e.claim_markets import WALKS, ClaimWalk
from tests.e2e.claim_steps import answer, appeal, begin, fill_in, photo, photos, read_why, send
from tests.e2e.conftest import Phone
from tests.e2e.inbox import Inbox
from tests.e2e.lists import MARKETS
from tests.e2e.running import Demo
from tests.e2e.test_claim_walk import money
from tests.e2e.test_family import registered, sign_in
from tests.effort import cases

OVER = {"To be paid", "Approved"}
pytestmark = [pytest.mark.e2e, pytest.mark.long, pytest.mark.xdist_group("e2e")]


@pytest.mark.parametrize("market", cases(MARKETS, quick=["rs"]))
def test_a_claim_is_decided_appealed_and_decided_by_somebody_else(
    market: str, phone: Phone, demo: Demo, inbox: Inbox, chromium: Browser, tmp_path: Path
) -> None:
    walk, tab = WALKS[market], phone(market)
    who = registered(demo, market)[1]
    sign_in(tab, market, who)
    number = sent(tab, walk, market, who, inbox, photos(walk, tmp_path))

    rina = Assessor(chromium, demo, market, "Rina")
    rina.finds(number)
    expect(rina.page.locator("[data-pages] figure")).to_have_count(3)
    picture = rina.page.locator("[data-pages] img").first
    expect(picture).to_have_js_property("complete", value=True)
    assert picture.evaluate("one => one.naturalWidth") > 0, "a page of a checked file is shown"
    rina.grants(number, walk.granted, "not_a_medical_cost")
    rina.asks(number, walk.question)
    tab.open(inbox.claim(who["email"], number))
    answer(tab, walk, photo(tmp_path / "more.jpg"))
    rina.goes_on(number)
    assert rina.decides(number) in OVER

    tab.open(inbox.claim(who["email"], number))
    assert money(walk.granted, market) in tab.text
    assert read_why(tab)
    appeal(tab, walk)

    assert "You took part in the decision" in rina.is_refused(number)
    agus = Assessor(chromium, demo, market, "Agus")
    agus.finds(number)
    agus.grants(number, walk.billed)
    if agus.decides(number) == "Second review":  # in markets whose plan pays less than the whole bill
        maya = Assessor(chromium, demo, market, "Maya", "senior-assessor")
        maya.finds(number)
        assert maya.decides(number) in OVER
    tab.open(inbox.claim(who["email"], number))
    assert money(walk.billed, market) in tab.text


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
