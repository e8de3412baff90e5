"""A member's whole way in every market: from photos on a phone that loses its network to the money of an appeal."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation

from mypolis.foundation.lib.money import Money, format_money
from mypolis.foundation.markets import market as market_of
from mypolis.insurance.claims.lifecycle.states import State
from tests.e2e.claims.claim_markets import WALKS
from tests.e2e.claims.claim_steps import (
    answer,
    appeal,
    begin,
    fill_in,
    go_on,
    lose_the_network,
    photo,
    photos,
    read_why,
    send,
)
from tests.e2e.claims.core_system import CoreSystem
from tests.e2e.conftest import Phone
from tests.e2e.test_family import registered, sign_in
from tests.e2e.walking.inbox import Inbox
from tests.e2e.walking.lists import MARKETS
from tests.e2e.walking.running import Demo

BY = ("--by", "staff:olga")
CURRENCIES = {"rs": "RSD", "id": "IDR", "ru": "RUB"}
pytestmark = [pytest.mark.e2e, pytest.mark.long, pytest.mark.xdist_group("e2e")]


def money(amount: str | Decimal, market: str) -> str:
    """A sum as the market's members read it."""
    with translation.override(market_of(market).default_language):
        return format_money(Money(Decimal(amount), CURRENCIES[market]))


@pytest.mark.parametrize("market", MARKETS)
def test_a_claim_from_three_photos_to_the_money(
    market: str, phone: Phone, demo: Demo, inbox: Inbox, tmp_path: Path
) -> None:
    walk, core = WALKS[market], CoreSystem(demo, market)
    who = registered(demo, market)[1]  # other tests change the addresses of the third
    papers = photos(walk, tmp_path)
    first, second = phone(market), phone(market)

    sign_in(first, market, who)
    begin(first, walk, market)
    lose_the_network(first, *next(iter(papers.items())))

    sign_in(second, market, who)
    go_on(second, market, papers)
    fill_in(second, walk, market, who, inbox)
    number = send(second)
    assert len(core.claim(number)["files"]) == 3

    core.ask(number, walk.question, walk.asked)
    second.open(inbox.claim(who["email"], number))
    answer(second, walk, photo(tmp_path / "more.jpg"))
    assert core.claim(number)["state"] in {State.SUBMITTED, State.IN_REVIEW}

    part = f"1={walk.granted}:not_a_medical_cost"
    demo.run("claims", "decide", number, "--market", market, "--outcome", "partly_approved", "--line", part, *BY)
    second.open(inbox.claim(who["email"], number))
    assert money(walk.granted, market) in second.text
    assert read_why(second)
    assert money(walk.own_share, market) in second.text

    appeal(second, walk)
    assert core.claim(number)["appeal"]["text"] == walk.appeal
    core.pay_in_full(number)
    second.open(inbox.claim(who["email"], number))
    assert money(walk.billed, market) in second.page.locator(".state").inner_text()
    assert core.claim(number)["state"] == State.PAID
