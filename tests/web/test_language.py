"""Choosing a language returns to the same page, never to another site, and keeps what was typed."""

from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from mypolis.foundation.journeys.models import Journey
from mypolis.foundation.markets import market
from tests.cast import BUDI, PASSWORD, on_file
from tests.doors import PageDoor
from tests.post import Post
from tests.registration.steps import card_form
from tests.web.site import MARKETS, legal_pages

AWAY = [
    "http://elsewhere.test/", "https://elsewhere.test", "//elsewhere.test", "///elsewhere.test", "/\\elsewhere.test",
    "\\\\elsewhere.test", "javascript:alert(1)", "data:text/html,x", "https:elsewhere.test", " //elsewhere.test",
    "\t//elsewhere.test", "http:///elsewhere.test", "elsewhere.test", "signin", "nothing", "", "\x00", "a" * 5_000,
    "/" + "a" * 9_000, "http://testserver@elsewhere.test/", "/\n/elsewhere.test",
]  # fmt: skip


@pytest.mark.parametrize("back", AWAY, ids=lambda back: ascii(back)[:40])
def test_the_way_back_never_leads_elsewhere(client: Client, db: None, back: str) -> None:
    response = client.post("/language/", {"language": "en", "next": back})
    assert response.status_code in (302, 400)
    target = response.get("Location", "/")
    assert target.startswith("/")
    assert not target.startswith(("//", "/\\", "/%0A/"))


@pytest.mark.parametrize("language", ["", "xx", "\x00", "en\r\nSet-Cookie: a=b", "x" * 9_000])
def test_a_language_that_nobody_speaks_changes_nothing(client: Client, db: None, language: str) -> None:
    response = client.post("/language/", {"language": language, "next": "/rs/"}, follow=True)
    assert response["Content-Language"] == "sr-latn"
    assert set(client.cookies) <= {"language-rs", "csrf"}


@pytest.mark.parametrize("address", ["/rs/", "/id/", "/ru/", *legal_pages()])
def test_the_choice_keeps_the_page(client: Client, db: None, address: str) -> None:
    response = client.post("/language/", {"language": "en", "next": address})
    assert response["Location"] == address
    page = client.get(address, headers={"accept-language": "ru,sr,id"})
    assert page["Content-Language"] == "en"
    assert 'lang="en"' in page.content.decode()


def test_a_market_keeps_its_own_choice(client: Client, db: None) -> None:
    client.post("/language/", {"language": "en", "next": "/rs/"})
    assert client.get("/rs/")["Content-Language"] == "en"
    assert client.get("/ru/")["Content-Language"] == "ru"
    assert client.get("/")["Content-Language"] == "en"  # the chooser's language without a wish of the browser


def test_a_language_of_another_market_is_not_spoken(client: Client, db: None) -> None:
    client.cookies["language-rs"] = "ru"
    assert client.get("/rs/")["Content-Language"] == "sr-latn"


TYPED: dict[str, dict[str, Any]] = {
    "/rs/register/": {
        "national_id": "06 01",
        "policy_number": "RS-1",
        "email": "half@",
        "mobile": "064",
        "captcha": "x",
    },
    "/id/register/group/": {
        "policy_number": "GRP-88",
        "participant_number": "<b>1",
        "birth_date_day": "27",
        "birth_date_month": "3",
        "birth_date_year": "",
        "email": "budi@example.test",
    },
    "/ru/register/": {
        "surname": "Соколова",
        "given_name": "Анна",
        "birth_date_day": "14",
        "birth_date_month": "03",
        "birth_date_year": "1988",
        "accept_rules": "on",
    },
}


@pytest.mark.parametrize("address", TYPED)
@pytest.mark.parametrize("has_row", [False, True])
def test_what_was_typed_on_a_journey_stays(client: Client, db: None, address: str, has_row: bool) -> None:
    code = address.split("/")[1]
    other = next(language for language in market(code).languages if language != "en")
    if has_row:
        client.post(address, {"step": "identity", "switch_language": other})
    rows = Journey.objects.count()
    form = {"step": "identity", "switch_language": "en", "password": PASSWORD, **TYPED[address]}
    response = client.post(address, form, follow=True)
    assert response["Content-Language"] == "en"
    assert Journey.objects.count() == max(rows, 1)
    text = response.content.decode()
    for name, value in TYPED[address].items():
        if name == "captcha":
            continue
        assert _box(text, name) == ("on" if value == "on" else escape(value)), name
    assert PASSWORD not in text
    assert not response.context["form"].errors


def _box(text: str, name: str) -> str:
    """Return the value of the input with this name; `on` for a ticked checkbox."""
    tag = next(part for part in text.split("<input")[1:] if f'name="{name}"' in part.split(">")[0]).split(">")[0]
    if 'type="checkbox"' in tag:
        return "on" if " checked" in tag else ""
    return tag.partition('value="')[2].partition('"')[0]


@pytest.mark.parametrize("code", MARKETS)
def test_a_switch_on_a_first_page_asks_for_nothing(client: Client, db: None, code: str) -> None:
    response = client.post(f"/{code}/signin/", {"step": "credentials", "switch_language": "en"}, follow=True)
    assert response.status_code == 200
    assert not response.context["form"].errors


def test_a_switch_in_the_middle_stays_at_the_step_and_sends_nothing(client: Client, post: Post) -> None:
    on_file(BUDI)
    door = PageDoor(client)
    door.start("id", "register", "group")
    door.answer("identity", **card_form())
    door.answer("licence", accept_licence=True)
    code = post.code(BUDI.email)
    response = client.post(door.address, {"step": "code", "code": "12", "switch_language": "en"}, follow=True)
    assert response.context["step"].name == "code"
    assert post.deliver() == []
    assert door.answer("code", code=code).step == "username"
