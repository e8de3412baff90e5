"""Codes that are entered or requested at the same moment: each limit holds, whichever tab or device is used."""

from functools import partial

import pytest
from django.test import Client

from mypolis.membership.accounts.limits import CODE_TRIES
from mypolis.membership.accounts.models import OneTimeCode
from tests.cast import ANNA, on_file
from tests.doors import ApiDoor
from tests.journeys.test_races import at_once
from tests.post import Post
from tests.registration.steps import open_form

pytestmark = pytest.mark.django_db(transaction=True)


def at_the_code() -> ApiDoor:
    """A registration of Anna that asks for the code."""
    door = ApiDoor(Client())
    door.start("ru", "register", "open")
    door.answer("identity", **open_form())
    return door


def other(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_tries_from_several_journeys_at_once_are_counted_together(post: Post) -> None:
    on_file(ANNA)
    first = at_the_code()
    code = post.code(ANNA.mobile)
    doors = [first, *(at_the_code() for _journey in range(7))]
    statuses = [reply.status for reply in at_once(*(partial(door.answer, "code", code=other(code)) for door in doors))]
    assert (statuses.count(422), statuses.count(429)) == (CODE_TRIES.most, len(doors) - CODE_TRIES.most)
    assert first.answer("code", code=code).status == 429


def test_a_code_that_is_entered_twice_at_once_counts_once(post: Post) -> None:
    on_file(ANNA)
    door, tab = at_the_code(), ApiDoor(Client())
    tab.market, tab.token = door.market, door.token
    code = post.code(ANNA.mobile)
    statuses = [reply.status for reply in at_once(*(partial(one.answer, "code", code=code) for one in (door, tab)))]
    assert sorted(statuses) == [200, 409]
    assert OneTimeCode.objects.exclude(used_at=None).count() == 1


def test_two_requests_at_once_for_another_code_send_one_at_most(post: Post) -> None:
    on_file(ANNA)
    door, tab = at_the_code(), ApiDoor(Client())
    tab.market, tab.token = door.market, door.token
    replies = at_once(door.resend, tab.resend)
    assert {reply.status for reply in replies} == {429}  # the wait of 30 seconds has just begun
    assert OneTimeCode.objects.count() == 1
