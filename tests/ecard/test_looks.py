"""Recorded checks: the member sees when, with which kind of device and from which numbered network, never who."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from mypolis.insurance.ecard.counter.card_codes import make_code
from mypolis.insurance.ecard.models import Card, Look
from tests.cast import ANNA, VERA
from tests.ecard.holders import COMPUTER, MESSENGER, PHONE, PageHolder, counter, page
from tests.post import Post

HOME = "127.0.0.1"


@pytest.fixture
def anna(post: Post) -> PageHolder:
    anna = PageHolder(ANNA)
    anna.activate()
    return anna


def fresh_code(use: Any = "now", *, age: int = 0) -> str:
    card = Card.objects.get(revoked_at=None)
    made_at = card.issued_at - timedelta(seconds=age)  # from a fixed time: the clock runs between calls
    return make_code(card.pk, bytes(card.secret), market="ru", use=use, made_at=made_at)


def test_with_what_somebody_looked_is_told(anna: PageHolder, post: Post) -> None:
    for age, client in enumerate((PHONE, COMPUTER, MESSENGER, "curl/8")):
        page("ru", fresh_code(age=age), **{"user-agent": client})
    counter("ru", fresh_code(age=8))
    anna.client.get(f"/ru/v/{fresh_code(age=9)}", headers={"user-agent": PHONE})
    PageHolder(VERA).client.get(f"/ru/v/{fresh_code(age=10)}", headers={"user-agent": PHONE})
    lookers = list(Look.objects.order_by("at").values_list("looker", flat=True))
    assert lookers == ["phone", "computer", "program", "program", "program", "self", "phone"]
    text = anna.get("looks/").content.decode()
    for words in ("Someone with a phone", "Someone with a computer", "A program", "You,"):
        assert words in text


def test_places_are_numbered_in_the_order_in_which_they_came_and_ones_own_is_named(anna: PageHolder) -> None:
    for age, address in enumerate(("198.51.100.7", "203.0.113.9", "198.51.100.7", HOME)):
        page("ru", fresh_code("print", age=age), address=address)
    seen = anna.get("looks/").context["looks"].seen
    assert [(look.place, look.here) for look in seen] == [(3, True), (1, False), (2, False), (1, False)]
    text = anna.get("looks/").content.decode()
    assert "in the network that you use now" in text
    assert "198.51.100" not in text


def test_a_code_that_was_checked_in_two_places_is_a_warning_and_paper_is_not(anna: PageHolder) -> None:
    warning = "One of your codes was checked in two places"
    paper, code = fresh_code("print"), fresh_code("offline")
    for address in ("198.51.100.7", "203.0.113.9"):
        page("ru", paper, address=address)
    page("ru", code, address="198.51.100.7")
    assert warning not in anna.get().content.decode()
    page("ru", code, address="203.0.113.9")
    assert warning in anna.get().content.decode()
    assert warning in anna.get("looks/").content.decode()


def test_trying_the_own_code_at_home_is_no_copy(anna: PageHolder) -> None:
    code = fresh_code("offline")
    anna.client.get(f"/ru/v/{code}", headers={"user-agent": PHONE})
    page("ru", code)
    assert anna.get("looks/").context["looks"].copied_at is None


def test_the_card_says_when_it_was_checked_last(anna: PageHolder) -> None:
    assert "No one so far" in anna.get().content.decode()
    assert "No one so far" in anna.get("looks/").content.decode()
    with time_machine.travel(timezone.now(), tick=False):
        page("ru", fresh_code())
    assert "Last on" in anna.get().content.decode()


def test_a_look_that_noted_no_looker_is_still_told(anna: PageHolder) -> None:
    page("ru", fresh_code())
    Look.objects.update(looker="")
    assert "Someone," in anna.get("looks/").content.decode()


def test_the_looks_of_a_replaced_card_stay(anna: PageHolder) -> None:
    old = fresh_code()
    anna.send("lost/", {"serial": "1"})
    page("ru", old)
    text = anna.get("looks/").content.decode()
    assert "Old card" in text
    assert Client().get(f"/ru/v/{old}", REMOTE_ADDR="203.0.113.77").status_code == 410
