"""Every message that a success sends has a cap per account and day, and a stranger hides nothing behind it."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.passwords.flows import change_password
from tests.cast import ANNA, BUDI, JELENA, on_file
from tests.doors import ApiDoor, Door
from tests.post import Post
from tests.registration.steps import card_form, client_form, register, sign_in, solved

RECOVERY = {"national_id": JELENA.national_id, "policy_number": JELENA.policy_number, "email": ""}


def told(post: Post, to: str, template: str) -> int:
    """How many messages of this kind arrived."""
    return sum(letter.template == template for letter in post.to(to))


def stranger(number: int) -> ApiDoor:
    """Somebody at an address of their own."""
    return ApiDoor(Client(REMOTE_ADDR=f"198.51.100.{number + 1}"))


def member(post: Post) -> ApiDoor:
    """Jelena, signed in on a device that is known from then on."""
    on_file(JELENA)
    door = ApiDoor(Client())
    register(door, post, JELENA)
    assert sign_in(door, post, JELENA, JELENA.email).status == 200
    return door


def ask_for_temporary(door: Door) -> str:
    """Recovery to its last page."""
    door.start("rs", "recover")
    return door.answer("identity", **RECOVERY, captcha=solved("rs")).text


def newest_temporary(post: Post) -> str:
    """The one that was mailed last."""
    text = next(letter.text for letter in post.to(JELENA.email) if letter.template == "temporary-password")
    return next(word.strip("*`") for word in text.split() if word.count("-") == 3)


def test_registering_again_and_again_mails_a_member_a_few_times(door: Door, post: Post) -> None:
    on_file(JELENA)
    register(door, post, JELENA)
    pages = set()
    for _time in range(12):
        door.start("rs", "register", "client")
        pages.add(door.answer("identity", **client_form()).status)
    assert pages == {200}
    assert told(post, JELENA.email, "account-exists") == 5
    assert Event.objects.filter(kind="account.notices_held_back").count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1), tick=False):
        door.start("rs", "register", "client")
        door.answer("identity", **client_form())
        assert told(post, JELENA.email, "account-exists") == 6


def test_notices_of_one_kind_hold_back_none_of_another(post: Post) -> None:
    on_file(ANNA)
    register(ApiDoor(Client()), post, ANNA)
    for number in range(8):
        sign_in(stranger(number), post, ANNA, ANNA.mobile)
    assert told(post, ANNA.mobile, "new-device") == 5
    change_password(account=Account.objects.get(), password_hash="another", by=SYSTEM)
    assert told(post, ANNA.mobile, "password-changed") == 1


def test_in_serbia_recoveries_of_strangers_leave_a_members_sign_in_and_recovery(post: Post) -> None:
    known, pages = member(post), set()
    for hour in range(3):
        with time_machine.travel(timezone.now() + timedelta(hours=hour, seconds=hour), tick=False):
            pages |= {ask_for_temporary(stranger(number))[-150:] for number in range(8)}
    with time_machine.travel(timezone.now() + timedelta(hours=3), tick=False):
        assert told(post, JELENA.email, "temporary-password") == 10
        assert sign_in(stranger(99), post, JELENA, JELENA.email).status == 200
        ask_for_temporary(known)
        assert told(post, JELENA.email, "temporary-password") == 11
        known.start("rs", "signin")
        assert known.answer("credentials", email=JELENA.email, password=newest_temporary(post)).step == "code"


@pytest.mark.parametrize("times", [1, 11])
def test_a_stranger_ends_no_temporary_password_that_a_known_device_asked_for(post: Post, times: int) -> None:
    known = member(post)
    ask_for_temporary(known)
    temporary = newest_temporary(post)
    for number in range(times):
        ask_for_temporary(stranger(number))
    known.start("rs", "signin")
    assert known.answer("credentials", email=JELENA.email, password=temporary).step == "code"


def test_a_username_is_mailed_a_few_times_a_day(post: Post) -> None:
    on_file(BUDI)
    register(ApiDoor(Client()), post, BUDI)
    for hour in range(3):
        with time_machine.travel(timezone.now() + timedelta(hours=hour, seconds=hour), tick=False):
            for number in range(6):
                door = stranger(number)
                door.start("id", "recover-username", "group")
                assert door.answer("identity", **card_form()).status == 200
    assert told(post, BUDI.email, "username") == 10
