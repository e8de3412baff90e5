"""Cacheable responses contain nobody's data; responses for signed-in members are not cacheable."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from mypolis.membership.accounts.models import Account
from tests.cast import JELENA, on_file
from tests.doors import PageDoor
from tests.post import Post
from tests.registration.steps import register, sign_in
from tests.web.belongings import belongings
from tests.web.safety.sessions import signed_in
from tests.web.test_every_answer import ADDRESSES

pytestmark = pytest.mark.django_db


def may_be_kept(answer: Any) -> bool:
    """Whether any cache may store the response."""
    return "no-store" not in answer.get("Cache-Control", "")


def test_what_may_be_kept_says_the_same_to_a_member_and_to_a_stranger(post: Post, tmp_path: Path) -> None:
    client = Client()
    signed_in(PageDoor(client), "ru")
    member = Account.objects.get()
    person = member.person
    personal = [person.surname, person.given_name, person.email, str(member.pk)]
    has = belongings(member, tmp_path)
    kept = []
    for route, address in ADDRESSES.items():
        if "signout" in route:
            continue
        answer = client.get(address.format(**has))
        if not may_be_kept(answer) or answer.status_code >= 400:
            continue
        kept.append(route)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert content == Client().get(address).content, route
        assert not [word for word in personal[:3] if word and word.encode() in content], route
    assert "<market:market>/offline/" in kept


def test_signing_out_clears_what_the_browser_keeps(post: Post) -> None:
    on_file(JELENA)
    door = PageDoor(Client())
    register(door, post, JELENA)
    sign_in(door, post, JELENA, JELENA.email)
    name = JELENA.given_name
    assert name not in door.client.get("/rs/offline/").content.decode()
    answer = door.client.post("/rs/signout/")
    assert answer["Clear-Site-Data"] == '"cache"'
    left = {key for key, morsel in door.client.cookies.items() if morsel.value}
    assert left <= {"device-rs", "csrf", "language-rs"}


def test_the_api_document_is_built_once_and_told_unchanged(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    first = client.get("/api/v1/openapi.json")
    assert first.status_code == 200
    assert first.json()["openapi"].startswith("3.1")

    def built_again(*_args: Any, **_more: Any) -> None:
        raise AssertionError("built again")

    monkeypatch.setattr("mypolis.doors.api.openapi.DescribedAPI.get_openapi_schema", built_again)
    for language in ("sr", "ru", "en"):
        again = client.get("/api/v1/openapi.json", headers={"accept-language": language})
        assert again.content == first.content
    unchanged = client.get("/api/v1/openapi.json", headers={"if-none-match": first["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert client.post("/api/v1/openapi.json").status_code == 405
