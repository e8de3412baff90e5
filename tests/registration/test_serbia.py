"""Registration in Serbia: one page, one answer to every failure, and proof of an e-mail that is not on file."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from mypolis.foundation.guards.models import Spent
from mypolis.membership.accounts.models import Account, ContactPoint
from mypolis.membership.people.models import Membership
from tests.cast import DRAGAN, JELENA, MARKO, NEW_PASSWORD, on_file
from tests.doors import ApiDoor, Door
from tests.post import Post
from tests.registration.steps import client_form, register, sign_in, solved

NO_MATCH = {("", "no_match")}


def first_page(door: Door, **changes: Any) -> Any:
    """Answer the first page."""
    door.start("rs", "register")
    return door.answer("identity", **client_form(**changes))


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("national_id", "0601999710136", "checksum"),
        ("national_id", "601999710135", "length"),
        ("national_id", "06O1999710135", "format"),
        ("mobile", "011 222 33 44", "not_mobile"),
        ("email", "jelena at example", "invalid"),
        ("password", "short", "too_short"),
        ("password_repeat", "something else", "mismatch"),
        ("accept_privacy", False, "required"),
        ("captcha", "bm9uc2Vuc2U=", "captcha"),
    ],
)
def test_a_bad_answer_is_told_at_its_field(door: Door, field: str, value: Any, code: str) -> None:
    on_file(JELENA)
    reply = first_page(door, **{field: value})
    assert reply.status == 422
    assert (field, code) in reply.errors


def test_a_policy_number_or_an_email_is_needed(door: Door) -> None:
    on_file(JELENA)
    assert first_page(door, policy_number="", email="").errors == {("policy_number", "required")}


@pytest.mark.parametrize(
    "changes",
    [
        {"national_id": MARKO.national_id},
        {"mobile": "+381641111111"},
        {"policy_number": "RS-9999"},
        {"policy_number": "", "email": "else@example.test"},
        {"policy_number": "RS-9999", "email": "else@example.test"},
    ],
)
def test_every_failed_match_is_told_alike(door: Door, post: Post, changes: dict[str, str]) -> None:
    on_file(JELENA)
    reply = first_page(door, **changes)
    assert (reply.status, reply.errors) == (422, NO_MATCH)
    assert post.deliver() == []


@pytest.mark.parametrize(("start", "end"), [(-100, -1), (30, None)], ids=["ended", "next-month"])
def test_somebody_not_covered_today_gets_the_same_answer(door: Door, start: int, end: int | None) -> None:
    on_file(JELENA.but(start=start, end=end))
    assert first_page(door).errors == NO_MATCH


@pytest.mark.parametrize(
    "changes",
    [
        {"national_id": "060 1999-710135", "policy_number": "rs2001"},
        {"policy_number": "", "email": "JELENA@Example.test"},
        {"policy_number": "RS-9999", "email": "jelena@example.test"},
        {"mobile": "064/123-45-67"},
        {"mobile": "0641234567"},
        {"mobile": "+381 (0)64 1234567"},
        {"mobile": "00381641234567"},
    ],
)
def test_one_right_answer_is_enough_however_it_is_written(door: Door, post: Post, changes: dict[str, str]) -> None:
    on_file(JELENA)
    assert first_page(door, **changes).result == {"next": "signin"}
    assert ContactPoint.objects.get(kind="email").value.casefold() == "jelena@example.test"


def test_another_email_becomes_the_accounts_only_after_both_codes(door: Door, post: Post) -> None:
    on_file(JELENA)
    reply = first_page(door, email="new@example.test")
    assert reply.step == "code"
    reply = door.answer("code", code=post.code(JELENA.mobile))
    assert reply.step == "email-code"
    assert not Account.objects.exists()
    assert door.answer("email-code", code=post.code("new@example.test")).result == {"next": "signin"}
    assert ContactPoint.objects.get(kind="email").value == "new@example.test"
    assert [letter.template for letter in post.to(JELENA.email)] == ["contact-changed"]


def test_with_no_email_on_file_one_is_asked_for_and_proven(door: Door, post: Post) -> None:
    on_file(DRAGAN)
    door.start("rs", "register")
    assert door.answer("identity", **client_form(DRAGAN)).errors == {("email", "required")}
    reply = door.answer("identity", **client_form(DRAGAN, email="dragan@example.test"))
    assert reply.step == "code"
    door.answer("code", code=post.code(DRAGAN.mobile))
    door.answer("email-code", code=post.code("dragan@example.test"))
    assert sign_in(door, post, DRAGAN.but(email="dragan@example.test"), "dragan@example.test").status == 200


def test_spouses_who_share_phone_and_policy_open_separate_accounts(door: Door, post: Post) -> None:
    on_file(JELENA)
    on_file(MARKO)
    register(door, post, JELENA)
    register(door, post, MARKO)
    assert Account.objects.count() == 2


def test_an_email_on_file_that_signs_in_the_spouse_must_be_another(door: Door, post: Post) -> None:
    on_file(JELENA)
    on_file(MARKO.but(email=JELENA.email))
    register(door, post, JELENA)
    door.start("rs", "register")
    reply = door.answer("identity", **client_form(MARKO))
    assert reply.step == "code"
    reply = door.answer("code", code=post.code(MARKO.mobile))
    assert (reply.status, reply.step) == (422, "code")
    assert "taken" in reply.codes
    door.back("identity")
    door.answer("identity", **client_form(MARKO, email="own@example.test"))
    door.answer("code", code=post.code(MARKO.mobile))
    assert door.answer("email-code", code=post.code("own@example.test")).result == {"next": "signin"}


def test_a_taken_email_is_told_only_after_its_code(door: Door, post: Post) -> None:
    on_file(JELENA)
    on_file(MARKO)
    register(door, post, JELENA)
    door.start("rs", "register")
    door.answer("identity", **client_form(MARKO, email=JELENA.email.upper()))
    assert door.answer("code", code=post.code(MARKO.mobile)).step == "email-code"
    reply = door.answer("email-code", code=post.code(JELENA.email))
    assert (reply.status, reply.step) == (422, "email-code")
    assert "taken" in reply.codes


def test_somebody_registered_sees_the_same_last_page_and_gets_a_mail(door: Door, post: Post) -> None:
    on_file(JELENA)
    first = register(door, post, JELENA)
    again = register(door, post, JELENA)
    assert (first.status, first.result) == (again.status, again.result)
    assert [letter.template for letter in post.to(JELENA.email)] == ["account-exists", "account-created"]
    assert Account.objects.count() == 1


def test_after_ten_failed_matches_for_a_person_even_the_right_answer_waits(client: Client, db: None) -> None:
    on_file(JELENA)
    door = ApiDoor(client)
    door.start("rs", "register")
    for _try in range(10):
        assert door.answer("identity", **client_form(policy_number="RS-1")).errors == NO_MATCH
    reply = door.answer("identity", **client_form())
    assert reply.status == 429
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        door.start("rs", "register")
        assert door.answer("identity", **client_form()).result == {"next": "signin"}


def test_a_captcha_solution_is_good_once(client: Client, db: None) -> None:
    on_file(JELENA)
    door, proof = ApiDoor(client), solved("rs")
    door.start("rs", "register")
    assert door.answer("identity", **client_form(policy_number="RS-1", captcha=proof)).errors == NO_MATCH
    assert door.answer("identity", **client_form(captcha=proof)).errors == {("captcha", "captcha")}
    assert Spent.objects.count() == 1


def test_a_captcha_of_another_market_or_past_its_time_is_refused(client: Client, db: None) -> None:
    on_file(JELENA)
    door = ApiDoor(client)
    door.start("rs", "register")
    assert door.answer("identity", **client_form(captcha=solved("id"))).errors == {("captcha", "captcha")}


def test_without_script_the_form_is_taken_after_five_seconds_and_once(client: Client, db: None) -> None:
    on_file(JELENA)
    page = client.get("/rs/register/")
    signed = page.context["form"].fields["captcha"].signed_form
    form = {**client_form(), "captcha": "", "captcha_form": signed, "step": "identity", "accept_privacy": "on"}
    assert client.post("/rs/register/", form).status_code == 422
    with time_machine.travel(timezone.now() + timedelta(seconds=6), tick=False):
        answer = client.post("/rs/register/", form)
        assert answer.status_code == 302
    assert Account.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(seconds=8), tick=False):
        again = Client().post("/rs/register/", form)
        assert again.status_code == 422


def test_cover_that_ends_midway_gives_the_ordinary_answer(door: Door, post: Post) -> None:
    on_file(JELENA)
    first_page(door, email="new@example.test")
    Membership.objects.update(end=timezone.localdate() - timedelta(days=1))
    reply = door.answer("code", code=post.code(JELENA.mobile))
    assert (reply.status, reply.step) == (422, "identity")


class TestRecovery:
    """Recovery with a temporary password."""

    def recover(self, door: Door, **changes: str) -> Any:
        door.start("rs", "recover")
        form = {"national_id": JELENA.national_id, "policy_number": JELENA.policy_number, "email": ""}
        return door.answer("identity", **{**form, "captcha": solved("rs"), **changes})

    def temporary(self, post: Post) -> str:
        text = next(letter.text for letter in post.to(JELENA.email) if letter.template == "temporary-password")
        return next(word.strip("*`") for word in text.split() if word.count("-") == 3)

    @pytest.mark.parametrize("changes", [{"national_id": MARKO.national_id}, {"policy_number": "RS-9"}])
    def test_a_stranger_sees_what_a_member_sees_and_nothing_is_sent(
        self, door: Door, post: Post, changes: dict[str, str]
    ) -> None:
        on_file(JELENA)
        register(door, post, JELENA)
        post.deliver()
        reply = self.recover(door, **changes)
        assert (reply.status, reply.result) == (200, {"next": "signin"})
        assert post.deliver() == []

    def test_the_old_password_works_and_leaves_the_temporary_one_valid(self, door: Door, post: Post) -> None:
        on_file(JELENA)
        register(door, post, JELENA)
        self.recover(door)
        temporary = self.temporary(post)
        assert sign_in(door, post, JELENA, JELENA.email).status == 200
        assert sign_in(door, post, JELENA, JELENA.email, temporary).step == "new-password"

    def test_it_ends_after_fifteen_minutes(self, door: Door, post: Post) -> None:
        on_file(JELENA)
        register(door, post, JELENA)
        self.recover(door)
        temporary = self.temporary(post)
        with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
            assert "bad_credentials" in sign_in(door, post, JELENA, JELENA.email, temporary).codes

    def test_it_is_good_once(self, door: Door, post: Post) -> None:
        on_file(JELENA)
        register(door, post, JELENA)
        self.recover(door)
        temporary = self.temporary(post)
        sign_in(door, post, JELENA, JELENA.email, temporary)
        door.answer("new-password", password=NEW_PASSWORD, password_repeat=NEW_PASSWORD)
        assert "bad_credentials" in sign_in(door, post, JELENA, JELENA.email, temporary).codes
