"""What a stranger asks for spends nothing of what a member needs: codes a day, tries, and the wait for a new code."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from mypolis.membership.accounts.models import OneTimeCode
from tests.cast import ANNA, BUDI, NEW_PASSWORD, PASSWORD, VERA, Somebody, on_file
from tests.clock import NOON, TODAY, stopped_at
from tests.doors import ApiDoor, Door, PageDoor
from tests.post import Post
from tests.registration.steps import card_form, open_form, register, sign_in

MEMBERS = pytest.mark.parametrize("somebody", [BUDI, ANNA], ids=lambda one: one.market)
ADDRESSES = count(1)


def stranger() -> ApiDoor:
    """Somebody at an address of their own."""
    number = next(ADDRESSES)
    return ApiDoor(Client(REMOTE_ADDR=f"198.51.{number // 250}.{number % 250 + 1}"))


def member(post: Post, somebody: Somebody) -> tuple[ApiDoor, str]:
    """Registered, on a device that is known from then on; the name that signs in."""
    on_file(somebody)
    door = ApiDoor(Client())
    register(door, post, somebody)
    return door, {"id": door.shown(), "ru": somebody.mobile}[somebody.market]


def claim_of(somebody: Somebody, name: str) -> dict[str, str]:
    """What recovery asks."""
    return {"username": name} if somebody.market == "id" else {"mobile": name, "birth_date": somebody.birth_date}


def address_of(somebody: Somebody) -> str:
    """Where codes go."""
    return somebody.email if somebody.market == "id" else somebody.mobile


def codes_to(post: Post, to: str) -> int:
    """Codes that arrived there so far."""
    return sum(letter.template == "code" for letter in post.to(to))


def recover(door: Door, somebody: Somebody, name: str) -> Any:
    """Recovery as far as its code."""
    door.start(somebody.market, "recover")
    return door.answer("identity", **claim_of(somebody, name))


@MEMBERS
def test_recoveries_of_strangers_use_up_nothing_of_a_members(post: Post, somebody: Somebody) -> None:
    known, name = member(post, somebody)
    before, start = codes_to(post, address_of(somebody)), timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        for _hour in range(3):
            for _time in range(20):
                door = stranger()
                recover(door, somebody, name)
                door.answer("code", code="000000")
            clock.shift(timedelta(hours=1, seconds=1))
        assert codes_to(post, address_of(somebody)) - before <= 3
        assert sign_in(stranger(), post, somebody, name).status == 200
        recover(known, somebody, name)
        assert known.answer("code", code=post.code(address_of(somebody))).step == "new-password"
        reply = known.answer("new-password", password=NEW_PASSWORD, password_repeat=NEW_PASSWORD)
        assert reply.status == 200


def test_the_days_codes_of_strangers_leave_the_members(post: Post, settings: Any) -> None:
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"sms_codes_per_day": 2})
    known, name = member(post, ANNA)
    start, statuses = timezone.now(), []
    for hour in range(4):
        with time_machine.travel(start + timedelta(hours=hour * 2), tick=False):
            statuses.append(recover(stranger(), ANNA, name).status)
    assert statuses == [200, 200, 429, 429]
    with time_machine.travel(start + timedelta(hours=7), tick=False):
        assert sign_in(stranger(), post, ANNA, name).status == 200
        recover(known, ANNA, name)
        assert known.answer("code", code=post.code(ANNA.mobile)).step == "new-password"


def test_who_enters_a_members_number_as_their_own_uses_up_nothing_of_it(post: Post) -> None:
    _known, name = member(post, ANNA)
    on_file(VERA)
    door, start = stranger(), timezone.now()
    for number in range(12):
        with time_machine.travel(start + timedelta(hours=number), tick=False):
            door.start("ru", "register", "open")
            door.answer("identity", **open_form(VERA, mobile=ANNA.mobile))
    with time_machine.travel(start + timedelta(hours=12), tick=False):
        assert sign_in(stranger(), post, ANNA, name).status == 200


def test_who_registers_with_a_number_on_file_is_not_held_up_by_those_who_typed_others(post: Post) -> None:
    on_file(ANNA)
    for number in range(10):
        door = stranger()
        door.start("ru", "register", "open")
        assert door.answer("identity", **open_form(mobile=f"+791600000{number:02}")).step == "code"
    assert register(stranger(), post, ANNA).status == 200


@MEMBERS
def test_wrong_codes_of_strangers_lock_no_member(post: Post, somebody: Somebody) -> None:
    known, name = member(post, somebody)
    guesser = stranger()
    recover(guesser, somebody, name)
    assert [guesser.answer("code", code="000000").status for _try in range(6)] == [422] * 5 + [429]
    assert sign_in(stranger(), post, somebody, name).status == 200
    recover(known, somebody, name)
    assert known.answer("code", code=post.code(address_of(somebody))).step == "new-password"


@MEMBERS
def test_a_new_code_waits_for_the_contact_point_and_not_for_the_journey(post: Post, somebody: Somebody) -> None:
    _known, name = member(post, somebody)
    before, start = codes_to(post, address_of(somebody)), timezone.now()
    with time_machine.travel(start, tick=False):
        doors = [stranger() for _time in range(10)]
        replies = [recover(door, somebody, name) for door in doors]
        assert {(reply.status, reply.step) for reply in replies} == {(200, "code")}
        assert codes_to(post, address_of(somebody)) - before == 1
        first, second = (door.document["step"] for door in doors[:2])
        assert (first["sent"], first["resend_after"], first["held_up"]) == (True, 30, "")
        assert (second["sent"], second["resend_after"], second["help"]) == (False, 30, "")
        assert "30" in second["held_up"]
        assert doors[1].resend().status == 429
        assert doors[1].answer("code", code=post.code(address_of(somebody))).errors == {("code", "wrong")}
    with time_machine.travel(start + timedelta(seconds=31), tick=False):
        assert doors[1].resend().status == 200
        assert doors[1].document["step"]["sent"]
        assert doors[2].resend().status == 429, "the wait is the contact point's"
        assert doors[1].answer("code", code=post.code(address_of(somebody))).step == "new-password"


def test_nobody_waits_as_long_as_somebody(post: Post) -> None:
    _known, name = member(post, BUDI)
    seen = []
    with time_machine.travel(timezone.now(), tick=False):
        for username in (name, "nobody2345"):
            doors = [stranger(), stranger()]
            for door in doors:
                recover(door, BUDI, username)
            seen.append([door.document["step"] for door in doors])
    assert seen[0] == seen[1]


def test_who_knows_the_password_begins_once_more_at_once_and_then_waits(post: Post) -> None:
    _known, name = member(post, ANNA)
    before, doors = codes_to(post, ANNA.mobile), [stranger() for _time in range(4)]
    with time_machine.travel(timezone.now(), tick=False):
        for door in doors:
            door.start("ru", "signin")
            assert door.answer("credentials", mobile=name, password=PASSWORD).step == "code"
        assert codes_to(post, ANNA.mobile) - before == 2
        assert [door.document["step"]["sent"] for door in doors] == [True, True, False, False]


def test_a_code_that_was_entered_ends_the_waiting(post: Post) -> None:
    _known, name = member(post, ANNA)
    with time_machine.travel(timezone.now(), tick=False):
        for _time in range(5):
            assert sign_in(stranger(), post, ANNA, name).status == 200


def lock(door: Door, somebody: Somebody = BUDI) -> None:
    """Five wrong codes on the way to an account."""
    on_file(somebody)
    door.start("id", "register", "group")
    door.answer("identity", **card_form(somebody))
    door.answer("licence", accept_licence=True)
    for _try in range(5):
        door.answer("code", code="000000")


def test_a_page_whose_tries_are_used_up_says_until_when_and_offers_nothing_that_cannot_work(
    client: Client, post: Post
) -> None:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    door = PageDoor(client)
    with stopped_at(NOON):
        lock(door)
        post.deliver()
        for page in (door.look().text, door.answer("code", code="000000").text, door.resend().text):
            assert "19:30" in page, "half an hour later, in Jakarta"
            assert 'name="code"' not in page
            assert 'name="resend"' not in page
            assert "tel:" in page
            assert "0 tries" not in page, "an error would lead to a field that is not there"
            assert 'href="#id_code"' not in page
    with stopped_at(NOON + timedelta(minutes=31)):
        page = door.look().text
        assert 'name="code"' in page
        assert 'name="resend"' in page
        assert door.resend().status == 200
        assert door.answer("code", code=post.code(BUDI.email)).step == "username"


def test_no_code_is_sent_that_could_not_be_entered(post: Post) -> None:
    door = ApiDoor(Client())
    lock(door)
    sent = OneTimeCode.objects.count()
    assert door.document["step"]["locked_until"] is not None
    assert door.document["step"]["held_up"]
    assert door.resend().status == 429
    other = stranger()
    other.start("id", "register", "group")
    other.answer("identity", **card_form())
    assert other.answer("licence", accept_licence=True).step == "code"
    assert other.document["step"]["locked_until"] == door.document["step"]["locked_until"]
    assert (other.document["step"]["attempts_left"], other.document["step"]["sent"]) == (0, False)
    assert OneTimeCode.objects.count() == sent


def test_where_no_more_codes_go_out_today_none_is_offered(door: Door, post: Post, settings: Any) -> None:
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"sms_codes_per_day": 2})
    door.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    with time_machine.travel(NOON, tick=False) as clock:
        on_file(ANNA)
        door.start("ru", "register", "open")
        door.answer("identity", **open_form())
        clock.shift(timedelta(seconds=31))
        assert door.resend().status == 200
        reply = door.look()
        tomorrow = (TODAY + timedelta(days=1)).strftime("%d/%m/%Y")
        assert f"You can ask for a new one at {tomorrow}, 15:00." in reply.text
        if isinstance(door, PageDoor):
            assert 'name="code"' in reply.text, "the last one can be entered"
            assert 'name="resend"' not in reply.text
        else:
            assert door.document["step"]["no_codes_until"] == f"{TODAY + timedelta(days=1)}T12:00:00Z"
        clock.shift(timedelta(minutes=2))
        assert door.resend().status == 429
        assert door.answer("code", code=post.code(ANNA.mobile)).status == 200
