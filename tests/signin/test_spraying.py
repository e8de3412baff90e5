"""One password tried with many names: failures count for the network address and the journey, and write few rows."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.foundation.journeys import rows, views
from mypolis.foundation.journeys.limits import ANSWERS_PER_JOURNEY, NEW_JOURNEYS
from mypolis.foundation.journeys.models import Journey
from mypolis.membership.roster.invitations import invite
from tests.cast import ANNA, BUDI, JELENA, PASSWORD, Somebody, on_file
from tests.doors import ApiDoor, Door, PageDoor
from tests.post import Post
from tests.registration.steps import open_form, register, sign_in

FIELDS = {"rs": "email", "id": "username", "ru": "mobile"}
DOORS = {"page": PageDoor, "api": ApiDoor}


def name_of_nobody(market: str, number: int) -> str:
    """A plausible sign-in name that nobody has."""
    return {"rs": f"n{number:03}@example.test", "id": f"nobody{number:03}", "ru": f"+791655500{number:02}"}[market]


def spray(door: Door, market: str, number: int) -> int:
    """Try the same password with another name. Returns the status."""
    name = {FIELDS[market]: name_of_nobody(market, number)}
    return door.answer("credentials", **name, password="Summer-2026-Summer").status


def at(address: str, door: str = "api") -> Door:
    """A visitor from this network address."""
    return DOORS[door](Client(REMOTE_ADDR=address))


def member(post: Post, somebody: Somebody) -> str:
    """Register somebody. Returns their sign-in name."""
    on_file(somebody)
    door = ApiDoor(Client())
    register(door, post, somebody)
    return {"rs": somebody.email, "id": door.shown(), "ru": somebody.mobile}[somebody.market]


def invited(post: Post) -> str:
    """Invite Anna. Returns the token of her link."""
    invite(market="ru", person_ids=[on_file(ANNA).pk], by=SYSTEM)
    return post.to(ANNA.email)[0].links[0].rsplit("/", 1)[1]


def at_most_a_tenth(settings: Any) -> None:
    """Divide the limits of a network address by ten."""
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"limit_factor": 0.1})


@pytest.fixture
def twelve_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limit a journey to twelve answers."""
    few = replace(ANSWERS_PER_JOURNEY, most=12)
    for module in (rows, views):
        monkeypatch.setattr(module, "ANSWERS_PER_JOURNEY", few)


@pytest.mark.parametrize("market", ["rs", "id", "ru"])
def test_forty_names_in_one_journey_are_stopped(door: Door, market: str) -> None:
    door.start(market, "signin")
    statuses = [spray(door, market, number) for number in range(40)]
    assert statuses == [422] * 10 + [429] * 30


@pytest.mark.parametrize("market", ["rs", "id", "ru"])
@pytest.mark.parametrize("through", DOORS)
def test_many_names_in_as_many_journeys_of_one_address_are_stopped(
    db: None, market: str, through: str, settings: Any
) -> None:
    at_most_a_tenth(settings)
    statuses = []
    for number in range(5):
        door = at("203.0.113.9", through)
        door.start(market, "signin")
        statuses.append(spray(door, market, number))
    assert statuses == [422] * 3 + [429] * 2


def test_one_journey_from_many_addresses_is_stopped(db: None) -> None:
    door = ApiDoor(Client())
    door.start("ru", "signin")
    statuses = []
    for number in range(12):
        door.client = Client(REMOTE_ADDR=f"203.0.113.{number}")
        statuses.append(spray(door, "ru", number))
    assert statuses == [422] * 10 + [429] * 2


@pytest.mark.parametrize(("factor", "most"), [(1.0, 30), (0.2, 6)])
def test_the_limit_of_an_address_follows_the_factor(db: None, settings: Any, factor: float, most: int) -> None:
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"limit_factor": factor})
    statuses = []
    for number in range(most + 2):
        door = at("203.0.113.9")
        door.start("ru", "signin")
        statuses.append(spray(door, "ru", number))
    assert statuses == [422] * most + [429] * 2


@pytest.mark.parametrize("somebody", [JELENA, BUDI, ANNA], ids=lambda one: one.market)
def test_right_passwords_of_a_shared_network_are_no_failures(post: Post, somebody: Somebody, settings: Any) -> None:
    at_most_a_tenth(settings)
    name = member(post, somebody)
    for _employee in range(6):
        assert sign_in(at("198.51.100.1"), post, somebody, name).status == 200


def test_at_an_address_that_is_blocked_a_known_device_still_signs_in(post: Post, settings: Any) -> None:
    name = member(post, ANNA)
    known = at("203.0.113.9")
    sign_in(known, post, ANNA, name)
    at_most_a_tenth(settings)
    for number in range(4):
        stranger = at("203.0.113.9")
        stranger.start("ru", "signin")
        status = spray(stranger, "ru", number)
    assert status == 429
    known.start("ru", "signin")
    assert known.answer("credentials", mobile=name, password=PASSWORD).result
    elsewhere = at("198.51.100.1")
    assert sign_in(elsewhere, post, ANNA, name).status == 200


def test_a_journey_takes_so_many_answers_and_no_more(door: Door, twelve_answers: None) -> None:
    on_file(ANNA)
    door.start("ru", "register", "open")
    statuses = [door.answer("identity", **open_form(password_repeat="another one")).status for _time in range(13)]
    assert statuses == [422] * 12 + [429]
    if isinstance(door, PageDoor):
        assert "journey-register-ru" not in {name for name, cookie in door.client.cookies.items() if cookie.value}
        assert door.answer("identity", **open_form()).step == "code", "a new journey begins"


def test_going_back_and_other_languages_are_answers_too(client: Client, db: None, twelve_answers: None) -> None:
    on_file(ANNA)
    door = PageDoor(client)
    door.start("ru", "register", "open")
    door.answer("identity", **open_form())
    for _time in range(5):
        door.back("identity")
        door.answer("identity", **open_form())
    assert door._post({"switch_language": "en"}).status == 200
    assert door.back("identity").status == 429
    assert Journey.objects.count() == 1


def test_repeated_refusals_leave_few_events_that_tell_how_many_there_were(door: Door) -> None:
    door.start("ru", "register", "open")
    for _time in range(40):
        door.answer("identity", surname="")
    refusals = Event.objects.filter(kind="journey.refused").order_by("pk")
    assert [event.facts["count"] for event in refusals] == [1, 2, 3, 4, 5, 8, 16, 32]


def test_journeys_of_a_link_are_not_without_number(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    token = invited(post)
    monkeypatch.setattr(rows, "NEW_JOURNEYS", replace(NEW_JOURNEYS, most=3))
    found = [at(f"203.0.113.{n}").start("ru", "register", "invitation", invitation=token).status for n in range(4)]
    assert found == [201, 201, 201, 429]


def test_a_known_device_begins_journeys_at_an_address_that_began_too_many(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = member(post, ANNA)
    known = at("203.0.113.9")
    sign_in(known, post, ANNA, name)
    monkeypatch.setattr(rows, "NEW_JOURNEYS", replace(NEW_JOURNEYS, most=3))
    while at("203.0.113.9").start("ru", "signin").status == 201:
        pass
    assert sign_in(known, post, ANNA, name).status == 200
