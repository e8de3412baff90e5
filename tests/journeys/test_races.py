"""Two tabs, two phones, a double click: the database decides, and one account comes of it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.guards.captcha import is_human
from mypolis.foundation.journeys.models import Journey
from mypolis.membership.accounts.models import Account, ContactPoint, OneTimeCode
from tests.cast import ANNA, BUDI, PASSWORD, on_file
from tests.doors import ApiDoor, Reply
from tests.post import Post
from tests.registration.steps import card_form, open_form, solved

pytestmark = pytest.mark.django_db(transaction=True)


def at_once[T](*tasks: Callable[[], T]) -> list[T]:
    """Run all at the same moment, each with a connection of its own."""
    barrier = Barrier(len(tasks))

    def run(task: Callable[[], T]) -> T:
        try:
            barrier.wait()
            return task()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def twice(door: ApiDoor, step: str, **answers: object) -> list[Reply]:
    """The same answer from two tabs."""
    tabs = [ApiDoor(Client()), ApiDoor(Client())]
    for tab in tabs:
        tab.market, tab.token = door.market, door.token
    return at_once(*(lambda tab=tab: tab.answer(step, **answers) for tab in tabs))


def test_the_last_step_answered_twice_makes_one_account(client: Client, post: Post) -> None:
    on_file(BUDI)
    door = ApiDoor(client)
    door.start("id", "register", "group")
    door.answer("identity", **card_form())
    door.answer("licence", accept_licence=True)
    door.answer("code", code=post.code(BUDI.email))
    door.answer("username")
    replies = twice(door, "password", password=PASSWORD, password_repeat=PASSWORD)
    assert sorted(reply.status for reply in replies) == [200, 409]
    assert Account.objects.count() == 1


def test_two_journeys_of_one_person_that_finish_together_make_one_account(client: Client, post: Post) -> None:
    on_file(ANNA)
    doors, codes = [ApiDoor(Client()), ApiDoor(Client())], []
    for door in doors:
        door.start("ru", "register", "open")
        door.answer("identity", **open_form())
        codes.append(post.code(ANNA.mobile))
    replies = at_once(lambda: doors[0].answer("code", code=codes[0]), lambda: doors[1].answer("code", code=codes[1]))
    assert [reply.status for reply in replies] == [200, 200]
    assert Account.objects.count() == 1
    assert sum(reply.result == {"next": "signin"} for reply in replies) == 1


def test_two_people_who_race_for_one_mobile_get_one_account_and_one_plain_refusal(client: Client, post: Post) -> None:
    on_file(ANNA)
    oleg = ANNA.but(given_name="Олег", email="oleg@example.test", mobile="+79160000005")
    on_file(oleg)
    doors, codes = [ApiDoor(Client()), ApiDoor(Client())], []
    for door, who in zip(doors, (ANNA, oleg), strict=True):
        door.start("ru", "register", "open")
        door.answer("identity", **open_form(who, mobile="+79160000007"))
        door.answer("code", code=post.code("+79160000007"))
        codes.append(post.code(who.email))
    replies = at_once(
        lambda: doors[0].answer("email-code", code=codes[0]), lambda: doors[1].answer("email-code", code=codes[1])
    )
    assert sorted(reply.status for reply in replies) == [200, 422]
    refused = next(reply for reply in replies if reply.status == 422)
    assert refused.errors == {("mobile", "taken")}
    assert refused.step == "email-code"
    assert Account.objects.count() == 1
    assert ContactPoint.objects.filter(kind="mobile").count() == 1


def test_sixteen_replays_of_one_captcha_are_accepted_once(db: None) -> None:
    proof = solved("rs")
    accepted = at_once(*(lambda: is_human(proof, market="rs", by=SYSTEM) for _replay in range(16)))
    assert accepted.count(True) == 1


def test_sixteen_guesses_at_once_get_five_tries(client: Client, post: Post) -> None:
    on_file(BUDI)
    door = ApiDoor(client)
    door.start("id", "register", "group")
    door.answer("identity", **card_form())
    door.answer("licence", accept_licence=True)
    right = post.code(BUDI.email)
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    tabs = [ApiDoor(Client()) for _tab in range(16)]
    for tab in tabs:
        tab.market, tab.token = door.market, door.token
    replies = at_once(*(lambda tab=tab: tab.answer("code", code=wrong) for tab in tabs))
    assert sorted(reply.status for reply in replies) == [422] * 5 + [429] * 11


def test_a_code_is_sent_once_when_two_tabs_arrive_at_its_step(client: Client, post: Post) -> None:
    on_file(BUDI)
    door = ApiDoor(client)
    door.start("id", "register", "group")
    door.answer("identity", **card_form())
    twice(door, "licence", accept_licence=True)
    assert OneTimeCode.objects.count() == 1
    assert Journey.objects.count() == 1
