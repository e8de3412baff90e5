"""Hourly the worker forgets temporary passwords that open nothing any more, and nothing else."""

from datetime import timedelta

import time_machine
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.membership.accounts.jobs import purge
from mypolis.membership.accounts.models import Account, TemporaryPassword
from mypolis.membership.accounts.passwords.temporary_passwords import send_temporary_password
from tests.cast import JELENA, on_file
from tests.doors import ApiDoor
from tests.post import Post
from tests.registration.steps import register, sign_in


def sent_ago(ago: timedelta, account: Account | None) -> None:
    with time_machine.travel(timezone.now() - ago):
        send_temporary_password(account=account, market="rs", language="en", by=SYSTEM)


def swept_up() -> list[int]:
    """How many each sweep told that it deleted."""
    return [event.facts["deleted"] for event in Event.objects.filter(kind="account.temporary_passwords_forgotten")]


def test_a_day_after_their_life_they_go_those_of_nobody_too_and_the_rest_stays(post: Post) -> None:
    on_file(JELENA)
    door = ApiDoor(Client())
    register(door, post, JELENA)
    account = Account.objects.get()
    life = account.profile.temporary_password_life
    sent_ago(life + timedelta(hours=25), account)
    sent_ago(life + timedelta(hours=25), None)
    sent_ago(life + timedelta(hours=23), None)
    sent_ago(timedelta(minutes=1), account)

    purge(timestamp=0)

    left = TemporaryPassword.objects.order_by("created_at").values_list("account", flat=True)
    assert list(left) == [None, account.pk]
    assert swept_up() == [2]
    newest = next(letter for letter in post.to(JELENA.email) if letter.template == "temporary-password")
    temporary = next(word.strip("*`.,") for word in newest.text.split() if word.strip("*`.,").count("-") == 3)
    assert sign_in(door, post, JELENA, JELENA.email, temporary).step == "new-password"


def test_a_sweep_that_finds_nothing_tells_nothing(db: None) -> None:
    sent_ago(timedelta(minutes=1), None)

    purge(timestamp=0)

    assert TemporaryPassword.objects.count() == 1
    assert swept_up() == []
