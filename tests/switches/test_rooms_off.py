"""A room that is off shows members what to do instead; everything else goes on."""

from importlib import import_module
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.foundation.switches import state
from mypolis.foundation.switches.models import SwitchedOff
from mypolis.foundation.switches.rooms_off import NoSuchSwitch, rooms_with_switch, switch_off, switch_on
from mypolis.membership.accounts.models import Account
from tests.cast import ANNA, BUDI, on_file
from tests.claims.world import member
from tests.doors import ApiDoor, PageDoor
from tests.journeys.test_races import at_once
from tests.members import admit
from tests.post import Post
from tests.registration.steps import open_form
from tests.staff.world import Colleague, at_desk, colleague

pytestmark = pytest.mark.django_db

MARKUP = "<b>later</b> & call"


@pytest.fixture
def olga() -> Colleague:
    """An administrator in Indonesia."""
    return colleague("Olga", "administrator", market="id")


def off(room: str, *, market: str = "id", **texts: str) -> None:
    """Switch a room off."""
    switch_off(market=market, room=room, texts=texts, by=SYSTEM)


def answers(url: str, client: Client | None = None) -> tuple[int, str]:
    """The status and the text of a page in English."""
    answer = (client or Client()).get(url, headers={"accept-language": "en"})
    return answer.status_code, answer.content.decode()


def test_a_text_in_only_some_languages_is_refused(olga: Colleague) -> None:
    answer = at_desk(olga).post("/desk/id/switches/claims/", {"text_id": "Nanti", "text_en": ""})
    assert answer.status_code == 422
    assert ": please fill this in, or leave all languages empty." in answer.content.decode()
    with pytest.raises(ValueError, match="each language"):
        off("claims", id="Nanti")
    assert not SwitchedOff.objects.exists()


def test_what_members_read_meanwhile_can_be_seen_and_changed(olga: Colleague) -> None:
    off("claims", id="Nanti", en="Later")
    desk = at_desk(olga)
    assert 'aria-label="Change the text: Claims"' in desk.get("/desk/id/switches/").content.decode()
    page = desk.get("/desk/id/switches/claims/").content.decode()
    assert "Change the text: Claims" in page
    assert "Nanti</textarea>" in page
    assert "Later</textarea>" in page
    desk.post("/desk/id/switches/claims/", {"text_id": "Besok", "text_en": "Tomorrow", "only_text": "1"})
    assert SwitchedOff.objects.get().texts == {"id": "Besok", "en": "Tomorrow"}


def test_a_new_text_does_not_switch_off_what_a_colleague_switched_on_meanwhile(olga: Colleague) -> None:
    texts = {"text_id": "Besok", "text_en": "Tomorrow", "only_text": "1"}
    answer = at_desk(olga).post("/desk/id/switches/claims/", texts)
    assert not SwitchedOff.objects.exists()
    assert "Switch off: Claims" in answer.content.decode()
    assert "Tomorrow</textarea>" in answer.content.decode(), "what was typed is not lost"


@pytest.mark.parametrize("texts", [{"id": "", "en": "x"}, {"id": "x", "en": "x" * 401}])
def test_empty_and_too_long_texts_are_refused(texts: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="text"):
        off("claims", **texts)


@pytest.mark.parametrize("room", ["signin", "web", "nothing", "ecard"])
def test_what_has_no_switch_cannot_be_off(room: str, olga: Colleague) -> None:
    with pytest.raises(NoSuchSwitch):
        off(room)
    with pytest.raises(NoSuchSwitch):
        switch_on(market="id", room=room, by=SYSTEM)
    assert at_desk(olga).post(f"/desk/id/switches/{room}/", {}).status_code == 404


def test_a_stale_factor_switches_nothing(olga: Colleague) -> None:
    answer = at_desk(olga, minutes_ago=6).post("/desk/id/switches/claims/", {})
    assert not SwitchedOff.objects.exists()
    assert "claims" not in state.state_of("id").off
    assert answer.status_code != 302 or "switches" not in answer["Location"]


def test_members_read_what_to_do_instead_and_the_desk_stays_open(client: Client, olga: Colleague) -> None:
    admit(PageDoor(client), member(BUDI))
    assert answers("/id/claims/", client)[0] == 200
    browser = at_desk(olga)
    assert browser.post("/desk/id/switches/claims/", {"text_id": MARKUP, "text_en": MARKUP}).status_code == 302
    status, page = answers("/id/claims/", client)
    assert status == 503
    assert "&lt;b&gt;later&lt;/b&gt; &amp; call" in page
    assert "Not available for now" in page
    assert answers("/id/cover/", client)[0] == 200
    assert answers("/id/home/", client)[0] == 200
    assert answers("/ru/claims/")[0] == 302, "another market"
    assert "Off since" in browser.get("/desk/id/switches/").content.decode()
    assert browser.get("/desk/id/payments/").status_code == 200
    browser.post("/desk/id/switches/claims/", {"on": "1"})
    assert answers("/id/claims/", client)[0] == 200


def test_without_a_text_of_staff_members_read_the_rooms_own() -> None:
    off("guarantees")
    assert "Before planned treatment, please call us." in answers("/id/guarantees/")[1]


def test_a_clinic_checks_a_letter_while_guarantees_are_off(olga: Colleague) -> None:
    unknown = answers("/id/g/no-such-code")[0]
    off("guarantees")
    assert answers("/id/g/no-such-code")[0] == unknown != 503
    assert answers("/id/guarantees/ask/")[0] == 503
    page = at_desk(olga).get("/desk/id/switches/guarantees/").content.decode()
    assert "The page on which a clinic checks a letter that was given" in page


def test_what_stays_open_is_a_page_of_the_room() -> None:
    named = {route: room for room in rooms_with_switch().values() if room.switch for route in room.switch.stays_open}
    assert "guarantee-check" in named
    for route, room in named.items():
        modules = [import_module(f"{room.name}.{pages.urls}") for pages in room.pages]
        assert route in [pattern.name for module in modules for pattern in module.urlpatterns]


def test_the_api_answers_with_a_problem_document() -> None:
    off("claims")
    answer = Client().get("/api/v1/id/claims", headers={"accept-language": "en"})
    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:mypolis:problem:switched-off"
    assert "Please try again later, or call us." in answer.json()["detail"]
    assert Client().get("/api/v1/id/me").status_code == 401


def test_while_registration_is_paused_nobody_begins_by_page_or_by_api() -> None:
    off("registration", market="rs")
    for answer in (Client().get("/rs/register/client/"), Client().post("/rs/register/client/", {"step": "identity"})):
        assert answer.status_code == 503
    body = {"journey": "register", "way": "client"}
    started = Client().post("/api/v1/rs/journeys", body, content_type="application/json")
    assert (started.status_code, started.json()["type"]) == (503, "urn:mypolis:problem:switched-off")
    assert answers("/rs/signin/")[0] == 200
    assert answers("/id/register/")[0] == 200


@pytest.mark.parametrize("door_class", [PageDoor, ApiDoor])
def test_who_began_to_register_may_finish(door_class: Any, post: Post) -> None:
    on_file(ANNA)
    door = door_class(Client())
    door.start("ru", "register", "open")
    door.answer("identity", **open_form(ANNA))
    off("registration", market="ru")
    door.answer("code", code=post.code(ANNA.mobile))
    assert Account.objects.filter(market="ru").exists()


def test_a_switch_of_another_process_acts_when_the_state_is_read_again() -> None:
    SwitchedOff.objects.create(market="id", room="claims")
    assert state.LIFE_SECONDS <= 2
    assert "claims" not in state.state_of("id").off, "known for a moment"
    state.remember({}, seconds=0)
    assert "claims" in state.state_of("id").off


def test_a_switch_acts_at_the_next_request_of_its_process_also_if_a_thread_has_just_read_the_tables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The switch comes between the statement of another thread and what that thread remembers."""
    read = state._by_market

    def read_too_early(rows: Any) -> Any:
        found = read(list(rows))
        monkeypatch.setattr(state, "_by_market", read)
        off("claims")
        return found

    monkeypatch.setattr(state, "_by_market", read_too_early)
    state.remember({}, seconds=0)
    assert "claims" not in state.state_of("id").off
    assert "claims" in state.state_of("id").off


def test_while_the_database_is_away_the_last_state_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        def cursor(self) -> Any:
            raise OperationalError("away")

    state.remember({"id": state.MarketState(off={"claims": {}})}, seconds=0)
    monkeypatch.setattr(state, "connection", Away())
    assert "claims" in state.state_of("id").off
    state.remember(None, seconds=0)
    assert state.state_of("id") == state.MarketState()


def test_pages_read_the_state_from_memory(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert answers("/rs/")[0] == 200


def test_every_switch_has_words_and_every_change_an_event() -> None:
    assert set(rooms_with_switch()) == {"registration", "claims", "guarantees", "bank_accounts"}
    off("claims")
    off("claims")
    assert switch_on(market="id", room="claims", by=SYSTEM)
    assert not switch_on(market="id", room="claims", by=SYSTEM)
    kinds = Event.objects.filter(kind__startswith="room.").order_by("pk").values_list("kind", "facts__room")
    assert list(kinds) == [("room.switched_off", "claims")] * 2 + [("room.switched_on", "claims")]


@pytest.mark.django_db(transaction=True)
def test_two_people_switch_the_same_room_at_once() -> None:
    at_once(lambda: off("claims"), lambda: off("claims"))
    assert SwitchedOff.objects.count() == 1
