"""After a recovery only the device on which it was done stays trusted, and only if it was known before."""

import pytest
from django.test import Client

from mypolis.foundation.events import SYSTEM
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.passwords.temporary_passwords import send_temporary_password
from mypolis.membership.accounts.security.flows import sign_out_others
from tests.cast import ANNA, BUDI, JELENA, NEW_PASSWORD, PASSWORD, on_file
from tests.doors import ApiDoor, Door, PageDoor
from tests.post import Post
from tests.registration.steps import register, sign_in


def _recover(door: Door, post: Post) -> None:
    door.start("ru", "recover")
    door.answer("identity", mobile=ANNA.mobile, birth_date=ANNA.birth_date)
    door.answer("code", code=post.code(ANNA.mobile))
    door.answer("new-password", password=NEW_PASSWORD, password_repeat=NEW_PASSWORD)


def _step_after_password(door: Door) -> str | None:
    door.start("ru", "signin")
    return door.answer("credentials", mobile=ANNA.mobile, password=NEW_PASSWORD).step


@pytest.mark.parametrize("lost", [PageDoor, ApiDoor])
def test_a_lost_device_needs_a_code_after_the_recovery_elsewhere(door: Door, post: Post, lost: type) -> None:
    on_file(ANNA)
    elsewhere = lost(Client())
    register(elsewhere, post, ANNA)

    _recover(door, post)

    assert _step_after_password(elsewhere) == "code"
    assert _step_after_password(door) == "code", "an unknown device does not become known by a recovery"


def test_the_known_device_on_which_it_was_done_stays_known_and_others_do_not(door: Door, post: Post) -> None:
    on_file(ANNA)
    register(door, post, ANNA)
    other = ApiDoor(Client())
    sign_in(other, post, ANNA, ANNA.mobile)

    _recover(door, post)

    assert _step_after_password(door) is None
    assert _step_after_password(other) == "code"


def test_a_sign_in_begun_before_a_device_was_forgotten_asks_for_a_code_too(door: Door, post: Post) -> None:
    on_file(ANNA)
    lost = ApiDoor(Client())
    register(lost, post, ANNA)
    lost.start("ru", "signin")
    sign_in(door, post, ANNA, ANNA.mobile)

    device = Account.objects.get().devices.order_by("pk").last()
    assert device is not None
    sign_out_others(device=device, which="others", present=PASSWORD, by=SYSTEM)

    assert lost.answer("credentials", mobile=ANNA.mobile, password=PASSWORD).step == "code"


def test_in_indonesia_too(door: Door, post: Post) -> None:
    on_file(BUDI)
    lost = ApiDoor(Client())
    register(lost, post, BUDI)
    username = lost.shown()
    door.start("id", "recover")
    door.answer("identity", username=username)
    door.answer("code", code=post.code(BUDI.email))
    door.answer("new-password", password=NEW_PASSWORD, password_repeat=NEW_PASSWORD)

    lost.start("id", "signin")
    assert lost.answer("credentials", username=username, password=NEW_PASSWORD).step == "code"


def test_a_temporary_password_forgets_the_others_once_it_is_used(door: Door, post: Post) -> None:
    on_file(JELENA)
    lost = ApiDoor(Client())
    register(lost, post, JELENA)
    sign_in(lost, post, JELENA, JELENA.email)
    account = Account.objects.get()
    before = account.devices.get().recognition_hash
    send_temporary_password(account=account, market="rs", language="en", by=SYSTEM)
    letter = next(letter for letter in post.to(JELENA.email) if letter.template == "temporary-password")
    assert account.devices.get().recognition_hash == before, "until it is used, nothing changes"

    temporary = next(word.strip("*`") for word in letter.text.split() if word.count("-") == 3)
    sign_in(door, post, JELENA, JELENA.email, temporary)
    door.answer("new-password", password=NEW_PASSWORD, password_repeat=NEW_PASSWORD)

    assert door.is_signed_in()
    assert not account.devices.filter(recognition_hash=before).exists()


def test_a_new_mobile_makes_every_other_device_unknown(door: Door, post: Post) -> None:
    on_file(ANNA)
    lost = ApiDoor(Client())
    register(lost, post, ANNA)
    sign_in(door, post, ANNA, ANNA.mobile)
    new = "+79169990011"
    door.start("ru", "change-mobile")
    door.answer("identity", mobile=new, password=PASSWORD)
    door.answer("code", code=post.code(ANNA.mobile))
    assert door.answer("new-code", code=post.code(new)).status == 200

    for who, step in ((lost, "code"), (door, None)):
        who.start("ru", "signin")
        assert who.answer("credentials", mobile=new, password=PASSWORD).step == step


@pytest.mark.parametrize(
    "client_name",
    [
        "Mozilla/5.0 (X11; Linux x86_64) secret-of-mine Firefox/132.0",
        "call +381600000 now",
        "evil.example/1",
        "x" * 300,
    ],
)
def test_mails_hold_no_word_of_the_user_agent(post: Post, client_name: str) -> None:
    on_file(JELENA)
    register(ApiDoor(Client()), post, JELENA)
    sign_in(ApiDoor(Client()), post, JELENA, JELENA.email)
    sign_in(ApiDoor(Client(headers={"user-agent": client_name})), post, JELENA, JELENA.email)

    (letter,) = [letter for letter in post.to(JELENA.email) if letter.template == "new-device"]
    words = {"Mozilla", "secret-of-mine", "132.0", "+381600000", "evil", "xxx"}
    assert not [word for word in words if word in letter.text]
    assert ("Firefox, Linux" in letter.text) == ("Firefox" in client_name)
