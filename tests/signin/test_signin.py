"""Sign-in: strangers learn nothing, known devices need no code, sessions are rows."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events.models import Event
from mypolis.foundation.factors.passwords import password_rules
from mypolis.membership.accounts.models import Account, Device
from tests.cast import ANNA, BUDI, JELENA, NEW_PASSWORD, PASSWORD, on_file
from tests.doors import ApiDoor, Door, PageDoor
from tests.post import Post
from tests.registration.steps import register, sign_in


@pytest.mark.parametrize("name", ["anna", "somebody"])
def test_a_wrong_password_and_an_unknown_name_are_told_alike(door: Door, post: Post, name: str) -> None:
    on_file(ANNA)
    register(door, post, ANNA)
    door.sign_out()
    door.start("ru", "signin")
    mobile = ANNA.mobile if name == "anna" else "+79169999999"
    reply = door.answer("credentials", mobile=mobile, password="never this one")
    assert (reply.status, reply.errors, reply.step) == (422, {("", "bad_credentials")}, "credentials")


def test_every_attempt_costs_exactly_one_hash(client: Client, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    on_file(ANNA)
    door = ApiDoor(client)
    register(door, post, ANNA)
    counted: list[str] = []
    hasher = password_rules._hasher()
    monkeypatch.setattr(type(hasher), "verify", _counting(type(hasher).verify, counted))
    monkeypatch.setattr(type(hasher), "hash", _counting(type(hasher).hash, counted))
    for mobile, password in (
        (ANNA.mobile, PASSWORD),
        (ANNA.mobile, "never this one"),
        ("+79169999999", PASSWORD),
    ):
        counted.clear()
        door.start("ru", "signin")
        door.answer("credentials", mobile=mobile, password=password)
        assert len(counted) == 1


def _counting(original: object, counted: list[str]) -> object:
    def counting(self: object, *args: object, **kwargs: object) -> object:
        counted.append("hash")
        return original(self, *args, **kwargs)  # type: ignore[operator]

    return counting


def test_a_password_is_hashed_anew_when_the_parameters_change(
    client: Client, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_file(ANNA)
    door = ApiDoor(client)
    register(door, post, ANNA)
    before = Account.objects.get().password_hash
    monkeypatch.setattr(password_rules.PasswordHasher, "check_needs_rehash", lambda self, stored: True)
    sign_in(door, post, ANNA, ANNA.mobile)
    after = Account.objects.get().password_hash
    assert before != after
    assert password_rules.verify_password(PASSWORD, after)


def test_the_same_password_typed_in_another_unicode_form_is_the_same(db: None) -> None:
    stored = password_rules.hash_password("čaša i lipa na vetru")
    assert password_rules.verify_password("čaša i lipa na vetru", stored)
    assert not password_rules.verify_password("čaša i lipa na vetru ", stored)


def test_a_new_device_needs_a_code_and_a_known_one_does_not(door: Door, post: Post) -> None:
    on_file(ANNA)
    register(door, post, ANNA)
    door.sign_out()
    door.start("ru", "signin")
    reply = door.answer("credentials", mobile=ANNA.mobile, password=PASSWORD)
    assert reply.step is None
    assert door.is_signed_in()
    elsewhere = type(door)(Client())
    elsewhere.start("ru", "signin")
    assert elsewhere.answer("credentials", mobile=ANNA.mobile, password=PASSWORD).step == "code"


def test_in_serbia_a_known_device_needs_a_code_too(door: Door, post: Post) -> None:
    on_file(JELENA)
    register(door, post, JELENA)
    for _time in range(2):
        door.start("rs", "signin")
        assert door.answer("credentials", email=JELENA.email, password=PASSWORD).step == "code"
        door.answer("code", code=post.code(JELENA.email))
        door.sign_out()


def test_a_device_of_somebody_else_is_not_known(client: Client, post: Post) -> None:
    on_file(ANNA)
    oleg = ANNA.but(given_name="Олег", mobile="+79160000009", email="oleg@example.test")
    on_file(oleg)
    register(ApiDoor(Client()), post, oleg)
    door = ApiDoor(client)
    register(door, post, ANNA)
    door.start("ru", "signin")
    assert door.answer("credentials", mobile=oleg.mobile, password=PASSWORD).step == "code"


def test_a_new_device_is_told_to_the_member(client: Client, post: Post) -> None:
    on_file(JELENA)
    register(ApiDoor(client), post, JELENA)
    sign_in(ApiDoor(client), post, JELENA, JELENA.email)
    post.deliver()
    sign_in(ApiDoor(Client()), post, JELENA, JELENA.email)
    assert "new-device" in [letter.template for letter in post.to(JELENA.email)]


def test_ten_wrong_passwords_stop_strangers_but_not_the_members_own_device(client: Client, post: Post) -> None:
    on_file(BUDI)
    member = ApiDoor(client)
    register(member, post, BUDI)
    username = member.shown()
    stranger = ApiDoor(Client())
    for _try in range(10):
        stranger.start("id", "signin")
        assert stranger.answer("credentials", username=username, password="guess guess").status == 422
    stranger.start("id", "signin")
    assert stranger.answer("credentials", username=username, password=PASSWORD).status == 429
    member.sign_out()
    member.start("id", "signin")
    member.answer("credentials", username=username, password=PASSWORD)
    assert member.is_signed_in()


def test_a_new_password_ends_every_session_and_is_told(client: Client, post: Post) -> None:
    on_file(ANNA.but(email=""))
    door = ApiDoor(client)
    register(door, post, ANNA)
    other = ApiDoor(Client())
    sign_in(other, post, ANNA, ANNA.mobile)
    assert other.is_signed_in()
    door.start("ru", "recover")
    door.answer("identity", mobile=ANNA.mobile, birth_date=ANNA.birth_date)
    door.answer("code", code=post.code(ANNA.mobile))
    door.answer("new-password", password=NEW_PASSWORD, password_repeat=NEW_PASSWORD)
    assert not other.is_signed_in()
    assert "password-changed" in [letter.template for letter in post.to(ANNA.mobile)]


def test_recovery_with_another_birth_date_sends_nothing(door: Door, post: Post) -> None:
    on_file(ANNA)
    register(door, post, ANNA)
    post.deliver()
    door.start("ru", "recover")
    assert door.answer("identity", mobile=ANNA.mobile, birth_date="1999-01-01").step == "code"
    assert post.deliver() == []


def test_a_session_of_one_market_is_nobody_in_another(client: Client, post: Post) -> None:
    on_file(BUDI)
    page = PageDoor(client)
    register(page, post, BUDI)
    assert page.is_signed_in()
    assert client.get("/ru/home/").status_code == 302
    client.cookies["session-ru"] = client.cookies["session-id"].value
    assert client.get("/ru/home/").status_code == 302


def test_sessions_end_by_idling_and_after_their_whole_life(client: Client, post: Post) -> None:
    on_file(BUDI)
    door = ApiDoor(client)
    register(door, post, BUDI)
    start = timezone.now()
    for minutes in range(20, 12 * 60, 20):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            assert door.is_signed_in()
    with time_machine.travel(start + timedelta(hours=12, minutes=1), tick=False):
        assert not door.is_signed_in()
    sign_in(door, post, BUDI, door.shown() or Account.objects.get().username_or_none or "")
    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
        assert not door.is_signed_in()


def test_tokens_are_new_at_every_sign_in_and_kept_hashed(client: Client, post: Post) -> None:
    on_file(BUDI)
    door = ApiDoor(client)
    register(door, post, BUDI)
    first = door.access
    username = Account.objects.get().username_or_none or ""
    sign_in(door, post, BUDI, username)
    assert door.access != first
    old = ApiDoor(client)
    old.market, old.access = "id", first
    assert not old.is_signed_in()
    assert Device.objects.count() == 1
    assert first.encode() not in bytes(Device.objects.get().session_hash or b"")


def test_who_signed_in_when_and_from_where_is_written_down(client: Client, post: Post) -> None:
    on_file(BUDI)
    register(ApiDoor(client), post, BUDI)
    event = Event.objects.get(kind="account.signed_in")
    assert (event.actor_kind, event.address) == ("member", "127.0.0.1")
    assert event.actor_id == str(Account.objects.get().pk)
