"""A session belongs to one account of one market. It ends by sign-out, inactivity, age, or a new password."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.factors.passwords.password_rules import hash_password
from mypolis.foundation.lib.crypto.tokens import hash_token, new_token
from mypolis.membership.accounts.models import Account, Device
from mypolis.membership.accounts.passwords.flows import change_password
from tests.cast import NEW_PASSWORD
from tests.doors import ApiDoor, Door, PageDoor
from tests.post import Post
from tests.registration.steps import sign_in
from tests.web.safety.sessions import MEMBERS, secret_of, signed_in, who
from tests.web.site import MARKETS

DOORS = ["page", "api"]


@pytest.mark.parametrize("by", DOORS)
@pytest.mark.parametrize("market", MARKETS)
def test_a_session_of_one_market_is_nobody_in_another(door: Door, post: Post, market: str, by: str) -> None:
    signed_in(door, market)
    for other in MARKETS:
        assert (who(other, secret_of(door), by=by).status_code == 200) == (other == market)


@pytest.mark.parametrize("by", DOORS)
@pytest.mark.parametrize("secret", ["", "x", "q7Jx3rVt9LpQw2sNfKd8cBzA5eR1MvOrPKbala7O0xY", "\x00", "é"])
def test_a_session_that_nobody_opened_is_nobody(db: None, by: str, secret: str) -> None:
    assert who("ru", secret, by=by).status_code == (302 if by == "page" else 401)


@pytest.mark.parametrize("by", DOORS)
def test_signing_out_ends_the_session_for_page_and_api(door: Door, post: Post, by: str) -> None:
    signed_in(door, "ru")
    secret = secret_of(door)
    assert who("ru", secret, by=by).status_code == 200
    door.sign_out()
    assert not door.is_signed_in()
    assert who("ru", secret, by=by).status_code != 200


def test_signing_out_takes_the_cookie_away_and_leads_to_the_landing_page(client: Client, post: Post) -> None:
    signed_in(PageDoor(client), "id")
    response = client.post("/id/signout/")
    assert response["Location"] == "/id/"
    assert response.cookies["session-id"].value == ""
    assert response.cookies["session-id"]["max-age"] == 0
    assert client.get("/id/home/")["Location"] == "/id/signin/"


def test_signing_out_twice_or_as_nobody_is_no_fault(client: Client, db: None) -> None:
    assert client.post("/rs/signout/").status_code == 302
    assert client.post("/rs/signout/").status_code == 302


def test_signing_out_on_one_device_leaves_the_other(client: Client, post: Post) -> None:
    first, second = PageDoor(client), ApiDoor(Client())
    name = signed_in(first, "ru")
    sign_in(second, post, MEMBERS["ru"], name)
    first.sign_out()
    assert second.is_signed_in()


@pytest.mark.parametrize("market", MARKETS)
def test_signing_in_again_on_a_device_makes_a_new_token_and_kills_the_old(door: Door, post: Post, market: str) -> None:
    name = signed_in(door, market)
    before = secret_of(door)
    sign_in(door, post, MEMBERS[market], name)
    assert secret_of(door) != before
    assert door.is_signed_in()
    for by in DOORS:
        assert who(market, before, by=by).status_code != 200


def test_a_token_planted_before_sign_in_is_worth_nothing_after(client: Client, post: Post) -> None:
    planted = new_token()
    client.cookies["session-ru"] = planted
    client.cookies["device-ru"] = planted
    door = PageDoor(client)
    signed_in(door, "ru")
    assert secret_of(door) != planted
    assert who("ru", planted, by="page").status_code == 302


def test_session_tokens_are_kept_hashed_only(door: Door, post: Post) -> None:
    signed_in(door, "ru")
    kept = [bytes(device.session_hash) for device in Device.objects.exclude(session_hash=None) if device.session_hash]
    assert hash_token(secret_of(door)) in kept
    assert secret_of(door).encode() not in kept


@pytest.mark.parametrize("by", DOORS)
@pytest.mark.parametrize("market", MARKETS)
def test_a_session_idles_out_after_thirty_minutes(door: Door, post: Post, market: str, by: str) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        signed_in(door, market)
        secret = secret_of(door)
        clock.shift(timedelta(minutes=29, seconds=59))
        assert who(market, secret, by=by).status_code == 200
        clock.shift(timedelta(minutes=29, seconds=59))
        assert who(market, secret, by=by).status_code == 200
        clock.shift(timedelta(minutes=30, seconds=1))
        assert who(market, secret, by=by).status_code != 200


@pytest.mark.parametrize("by", DOORS)
def test_a_session_ends_after_twelve_hours_however_busy(door: Door, post: Post, by: str) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        signed_in(door, "ru")
        secret = secret_of(door)
        for _step in range(12 * 3 - 1):
            clock.shift(timedelta(minutes=20))
            assert who("ru", secret, by=by).status_code == 200
        clock.shift(timedelta(minutes=20, seconds=1))
        assert who("ru", secret, by=by).status_code != 200


def test_a_new_password_ends_every_session(client: Client, post: Post) -> None:
    first, second = PageDoor(client), ApiDoor(Client())
    name = signed_in(first, "ru")
    sign_in(second, post, MEMBERS["ru"], name)
    change_password(account=Account.objects.get(), password_hash=hash_password(NEW_PASSWORD), by=SYSTEM)
    assert not first.is_signed_in()
    assert not second.is_signed_in()


def test_a_candidate_has_no_session_before_the_last_step(door: Door, post: Post) -> None:
    name = signed_in(door, "rs")
    other = type(door)(Client())
    other.start("rs", "signin")
    assert other.answer("credentials", email=name, password="wrong").status == 422
    assert not other.is_signed_in()
    other.answer("credentials", email=name, password="seven quiet herons over Sava")
    assert not other.is_signed_in()


def test_a_journeys_token_opens_no_session(client: Client, post: Post) -> None:
    door = ApiDoor(client)
    signed_in(door, "ru")
    for by in DOORS:
        assert who("ru", door.token, by=by).status_code != 200
        assert who("ru", door.device, by=by).status_code != 200
