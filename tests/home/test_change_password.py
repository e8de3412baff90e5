"""`/.well-known/change-password`: password managers use it to open the page for changing the password."""

import pytest
from django.test import Client

from mypolis.foundation.markets import registry
from mypolis.membership.accounts.models import Device
from tests.cast import ANNA, BUDI, PASSWORD, on_file
from tests.doors import PageDoor
from tests.members import enrol
from tests.post import Post
from tests.web.safety.sessions import member

PATH = "/.well-known/change-password"


def leads_to(client: Client) -> str:
    """Return the target of the redirect that the specification requires."""
    answer = client.get(PATH)
    assert answer.status_code in (302, 303, 307)
    return str(answer["Location"])


def test_a_member_is_led_to_the_page_of_their_market(client: Client, post: Post) -> None:
    on_file(BUDI)
    enrol(PageDoor(client), BUDI)
    assert leads_to(client) == "/id/security/password/"
    assert client.get("/id/security/password/").status_code == 200


def test_a_browser_that_was_signed_in_signs_in_again_and_lands_there(client: Client, post: Post) -> None:
    on_file(ANNA)
    enrol(PageDoor(client), ANNA)
    client.post("/ru/signout/")
    there = leads_to(client)
    assert there == "/ru/signin/?to=password"
    page = client.get(there)
    form = page.content.decode().partition('<form class="form"')[2].partition(">")[0]
    assert "action=" not in form, "it would lose the way"
    answer = client.post(there, {"step": "credentials", "mobile": ANNA.mobile, "password": PASSWORD})
    assert answer["Location"] == "/ru/security/password/"


def test_the_way_is_kept_over_a_code(client: Client, post: Post) -> None:
    name = member(BUDI)
    there = "/id/signin/?to=password"
    answer = client.post(there, {"step": "credentials", "username": name, "password": PASSWORD})
    assert answer["Location"] == there
    answer = client.post(there, {"step": "code", "code": post.code(BUDI.email)})
    assert answer["Location"] == "/id/security/password/"


def test_a_stranger_chooses_the_market_and_is_led_on(client: Client, db: None) -> None:
    assert leads_to(client) == "/?to=password"
    text = client.get("/?to=password").content.decode()
    for code in ("rs", "id", "ru"):
        assert f'href="/{code}/signin/?to=password"' in text
        assert f'href="/{code}/signin/?to=password"' not in client.get("/").content.decode()


def test_whoever_is_signed_in_to_two_markets_chooses(client: Client, post: Post) -> None:
    for somebody in (ANNA, BUDI):
        on_file(somebody)
        enrol(PageDoor(client), somebody)
    assert leads_to(client) == "/?to=password"


def test_a_host_of_one_market_asks_nobody_to_choose(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    one = {"rs": registry.market("rs")}
    monkeypatch.setattr("mypolis.service.home.change_password.all_markets", lambda: one)
    assert leads_to(client) == "/rs/signin/?to=password"


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "home", "nothing", "password/../../x"])
def test_sign_in_leads_nowhere_else(client: Client, post: Post, to: str) -> None:
    name = member(ANNA)
    there = f"/ru/signin/?to={to}"
    client.post(there, {"step": "credentials", "mobile": name, "password": PASSWORD})
    answer = client.post(there, {"step": "code", "code": post.code(ANNA.mobile)})
    assert answer["Location"] == "/ru/home/"


def test_cookies_of_nobody_are_strangers(client: Client, db: None) -> None:
    client.cookies["session-rs"] = client.cookies["device-rs"] = "x" * 43
    assert leads_to(client) == "/?to=password"
    assert not Device.objects.exists()


def test_what_does_not_exist_under_well_known_is_not_found(client: Client, db: None) -> None:
    answer = client.get("/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200")
    assert answer.status_code == 404
