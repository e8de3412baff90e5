"""First pages say what the portal is for and how to register; home shows what rooms declare."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.http import HttpRequest
from django.test import Client

from mypolis.foundation.markets import market
from mypolis.foundation.rooms import HomeCard, NavigationEntry
from mypolis.foundation.web import navigation, sections
from mypolis.foundation.web.sections import Waiting
from mypolis.service.home.ways_in import ways_in
from tests.cast import ANNA, BUDI, on_file
from tests.doors import PageDoor
from tests.members import enrol
from tests.post import Post
from tests.registration.steps import register


class ToyRoom:
    """A room with the declarations of a test."""

    def __init__(self) -> None:
        self.navigation: list[NavigationEntry] = []
        self.home_cards: list[HomeCard] = []
        self.waiting: list[Callable[[HttpRequest], Iterator[Waiting]]] = []

    def load(self, reference: Any) -> Any:
        """Return the reference itself: tests declare objects instead of names."""
        return reference


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> ToyRoom:
    """The only room apart from home, with what a test declares here."""
    room = ToyRoom()
    home = apps.get_app_config("home")
    monkeypatch.setattr(navigation, "all_rooms", lambda: [home, room])
    monkeypatch.setattr(sections, "all_rooms", lambda: [room])
    monkeypatch.setattr(sections, "declared", lambda attribute: getattr(room, attribute))
    return room


def page(client: Client, address: str) -> str:
    """Return the text of a page, which must exist."""
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("code", "addresses"),
    [
        ("rs", ["/rs/register/client/"]),
        ("id", ["/id/register/group/", "/id/register/individual/", "/id/register/sharia/"]),
        ("ru", ["/ru/register/open/", ""]),
    ],
)
def test_the_landing_page_tells_every_way_in(client: Client, db: None, code: str, addresses: list[str]) -> None:
    ways = ways_in(market(code))
    assert [way.url for way in ways] == addresses
    text = page(client, f"/{code}/")
    for way in ways:
        assert way.about
        assert not way.url or f'href="{way.url}"' in text
        assert not way.url or client.get(way.url).status_code == 200


@pytest.mark.parametrize("code", ["rs", "id", "ru"])
def test_the_landing_page_leads_to_all_that_a_stranger_needs(client: Client, db: None, code: str) -> None:
    text = page(client, f"/{code}/")
    recover_username = f"/{code}/recover-username/"
    for address in (f"/{code}/signin/", f"/{code}/register/", f"/{code}/recover/"):
        assert f'href="{address}"' in text
    assert (f'href="{recover_username}"' in text) == (code == "id")
    for key in market(code).documents:
        assert f'href="/{code}/legal/{key}/"' in text
    assert "data-install hidden" in text


def test_what_a_room_promises_stands_on_the_landing_page(client: Client, db: None, toy: ToyRoom) -> None:
    toy.navigation.append(NavigationEntry(20, "signin", "Cover", "shield", promise="What is left of your limits"))
    assert "What is left of your limits" in page(client, "/rs/")


def test_the_chooser_shows_each_insurers_own_mark(client: Client, db: None) -> None:
    text = page(client, "/")
    assert all(f'src="/{code}/logo.svg?v=' in text for code in ("rs", "id", "ru"))


def test_rooms_put_their_parts_on_home_in_order(client: Client, post: Post, toy: ToyRoom) -> None:
    on_file(BUDI)
    enrol(PageDoor(client), BUDI)
    badge = "web/components/badge.html"
    toy.home_cards = [
        HomeCard(30, "web/components/notice.html", facts=lambda _request: None),  # type: ignore[arg-type]
        HomeCard(20, badge, facts=lambda _request: {"any": "thing"}),  # type: ignore[arg-type]
    ]
    drawn = sections.sections_of(HttpRequest())
    assert [(one.template, one.facts) for one in drawn] == [(badge, {"any": "thing"})]
    assert 'class="badge"' in page(client, "/id/home/")


def test_what_waits_for_a_member_is_told_and_counted(client: Client, post: Post, toy: ToyRoom) -> None:
    on_file(BUDI)
    enrol(PageDoor(client), BUDI)
    assert 'data-waiting="0"' in page(client, "/id/home/")

    def wait(_request: HttpRequest) -> Iterator[Waiting]:
        yield Waiting("A question about your claim", "Please send the summary.", "/id/claims/")

    toy.waiting.append(wait)
    text = page(client, "/id/home/")
    assert 'data-waiting="1"' in text
    assert text.count("A question about your claim") == 1
    assert 'href="/id/claims/"' in text


def test_an_address_that_was_never_confirmed_waits_masked(client: Client, post: Post) -> None:
    on_file(ANNA.but(email=""))
    register(PageDoor(client), post, ANNA)
    text = page(client, "/ru/home/")
    assert 'data-waiting="1"' in text
    assert ANNA.email not in text
    assert f"{ANNA.email[0]}•••@" in text


def test_the_page_more_is_for_members_and_holds_documents_and_the_way_out(client: Client, post: Post) -> None:
    assert client.get("/id/more/")["Location"] == "/id/signin/"
    on_file(BUDI)
    enrol(PageDoor(client), BUDI)
    text = page(client, "/id/more/")
    assert 'href="/id/legal/licence/"' in text
    assert 'action="/id/signout/"' in text


def test_a_bar_has_five_places_and_the_rest_stand_on_more(client: Client, post: Post, toy: ToyRoom) -> None:
    on_file(BUDI)
    enrol(PageDoor(client), BUDI)
    for place, route in ((20, "signin"), (30, "register"), (40, "recover"), (50, "recover-username")):
        toy.navigation.append(NavigationEntry(place, route, f"Room {place}", "shield"))
    text = page(client, "/id/home/")
    assert text.count('class="rooms-beyond"') == 1
    assert "Room 50" in page(client, "/id/more/").partition('<div class="columns">')[2]
    assert "Room 40" not in page(client, "/id/more/").partition('<div class="columns">')[2]
