"""Registration in Indonesia: every field on file, the licence, a two-minute code, a personal username."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from mypolis.membership.accounts.models import Account, Username
from tests.cast import AYU, BUDI, SITI, on_file
from tests.doors import ApiDoor, Door
from tests.post import Post
from tests.registration.steps import card_form, register

NO_MATCH = {("", "no_match")}


@pytest.mark.parametrize(
    "changes",
    [
        {"policy_number": "GRP-89"},
        {"participant_number": "000999"},
        {"birth_date": "1990-05-18"},
        {"email": "photographed@example.test"},
    ],
)
def test_a_photographed_card_is_not_enough(door: Door, post: Post, changes: dict[str, str]) -> None:
    on_file(BUDI)
    door.start("id", "register", "group")
    reply = door.answer("identity", **card_form(**changes))
    assert (reply.status, reply.errors) == (422, NO_MATCH)
    assert post.deliver() == []


def test_somebody_with_no_email_on_file_gets_the_ordinary_answer(door: Door) -> None:
    on_file(BUDI.but(email=""))
    door.start("id", "register", "group")
    assert door.answer("identity", **card_form()).errors == NO_MATCH


@pytest.mark.parametrize(("start", "end"), [(-100, -1), (30, None)], ids=["ended", "next-month"])
def test_somebody_not_covered_today_gets_the_ordinary_answer(door: Door, start: int, end: int | None) -> None:
    on_file(BUDI.but(start=start, end=end))
    door.start("id", "register", "group")
    assert door.answer("identity", **card_form()).errors == NO_MATCH


def test_cover_that_ends_midway_gives_the_ordinary_answer(door: Door) -> None:
    person = on_file(BUDI)
    door.start("id", "register")
    door.answer("policy-type", policy_type="group")
    door.answer("identity", **card_form())
    person.memberships.update(end=timezone.localdate() - timedelta(days=2))
    reply = door.answer("licence", accept_licence=True)
    assert (reply.status, reply.step) == (422, "identity")
    person.memberships.update(end=None)
    assert door.answer("identity", **card_form()).step == "licence"


def test_a_policy_of_another_type_is_not_found(door: Door) -> None:
    on_file(AYU)
    door.start("id", "register", "sharia")
    assert door.answer("identity", **card_form(AYU)).errors == NO_MATCH


def test_without_a_way_the_policy_type_is_asked_first(door: Door, post: Post) -> None:
    on_file(AYU)
    reply = door.start("id", "register")
    assert reply.step == "policy-type"
    assert door.answer("policy-type", policy_type="pets").errors == {("policy_type", "invalid_choice")}
    assert door.answer("policy-type", policy_type="individual").step == "identity"
    assert door.answer("identity", **card_form(AYU)).step == "licence"


def test_another_policy_type_voids_the_match_that_rested_on_it(door: Door) -> None:
    on_file(AYU)
    door.start("id", "register")
    door.answer("policy-type", policy_type="individual")
    door.answer("identity", **card_form(AYU))
    door.back("policy-type")
    assert door.answer("policy-type", policy_type="group").step == "identity"


def test_the_licence_must_be_accepted(door: Door) -> None:
    on_file(BUDI)
    door.start("id", "register", "group")
    door.answer("identity", **card_form())
    assert door.answer("licence", accept_licence=False).errors == {("accept_licence", "required")}


def test_a_code_lives_two_minutes(door: Door, post: Post) -> None:
    on_file(BUDI)
    door.start("id", "register", "group")
    door.answer("identity", **card_form())
    door.answer("licence", accept_licence=True)
    code = post.code(BUDI.email)
    with time_machine.travel(timezone.now() + timedelta(seconds=121), tick=False):
        assert door.answer("code", code=code).errors == {("code", "expired")}


def test_a_family_with_one_email_has_an_account_and_a_username_each(door: Door, post: Post) -> None:
    on_file(BUDI)
    on_file(SITI)
    register(door, post, BUDI)
    first = door.shown()
    register(door, post, SITI)
    second = door.shown()
    assert first != second
    assert {account.username_or_none for account in Account.objects.all()} == {first, second}


def test_a_username_has_no_lookalikes_and_nothing_of_the_person(door: Door, post: Post) -> None:
    on_file(BUDI)
    register(door, post, BUDI)
    username = door.shown()
    assert not set(username) & set("lio01q")
    assert "budi" not in username
    assert len(username) <= 12


def test_somebody_registered_learns_it_after_the_code_and_is_led_to_signin(door: Door, post: Post) -> None:
    on_file(BUDI)
    register(door, post, BUDI)
    door.sign_out()
    door.start("id", "register", "group")
    assert door.answer("identity", **card_form()).step == "licence"
    assert door.answer("licence", accept_licence=True).step == "code"
    assert door.answer("code", code=post.code(BUDI.email)).result == {"next": "signin"}
    assert Account.objects.count() == 1


def test_the_password_may_not_be_the_username_or_the_name(door: Door, post: Post) -> None:
    on_file(BUDI)
    door.start("id", "register", "group")
    door.answer("identity", **card_form())
    door.answer("licence", accept_licence=True)
    door.answer("code", code=post.code(BUDI.email))
    door.answer("username")
    for password in ("Budi Santoso 1990", "budi.santoso.budi", "password1234", "aaaaaaaaaaaaaa", "123456789012"):
        reply = door.answer("password", password=password, password_repeat=password)
        assert {field for field, _code in reply.errors} == {"password"}, password


def test_going_back_keeps_the_username_that_was_shown(client: Client, post: Post) -> None:
    on_file(BUDI)
    door = ApiDoor(client)
    door.start("id", "register", "group")
    door.answer("identity", **card_form())
    door.answer("licence", accept_licence=True)
    door.answer("code", code=post.code(BUDI.email))
    shown = door.shown()
    door.answer("username")
    door.back("licence")
    assert door.answer("licence", accept_licence=True).step == "password"
    assert Username.objects.count() == 1
    assert Username.objects.get().value == shown


def test_born_on_the_29th_of_february_is_fine(door: Door, post: Post) -> None:
    on_file(SITI)
    assert register(door, post, SITI).status == 200
