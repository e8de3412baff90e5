"""Rules for every page: one language, one heading, a title, nothing inline, strict headers."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.markets import market
from mypolis.membership.roster.invitations import invite
from tests.cast import ALI, on_file
from tests.post import Post
from tests.web.safety.headers import assert_headers
from tests.web.site import CHOOSER, FIRST_PAGES, LANDINGS, MARKETS, WALKS, SeeingDoor, legal_pages

PUBLIC = [CHOOSER, *LANDINGS, *FIRST_PAGES, *legal_pages()]
WRONG = ["/rs/nothing/", "/xx/", "/xx/signin/", "/rs/register/nothing/", "/ru/i/nothing", "/ru/e/nothing", "/a/b/c/"]


class Page(HTMLParser):
    """The elements of a page with their attributes, and the texts of its title and headings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._open.append(tag)
        if tag in ("title", "h1"):
            self.words.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            del self._open[len(self._open) - 1 - self._open[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        for tag in ("title", "h1"):
            if tag in self._open and "svg" not in self._open:
                self.words[tag][-1] += data


def assert_well_made(response: Any) -> None:
    """Check the rules for a page's HTML."""
    text = response.content.decode()
    page = Page(text)
    html = dict(page.elements)["html"]
    assert html["lang"].lower() == response["Content-Language"]
    assert [bool(words.strip()) for words in page.words["title"]] == [True]
    assert not page.words["title"][0].strip().startswith("–")
    assert [bool(words.strip()) for words in page.words.get("h1", [])] == [True], "one h1 with words"
    ids = [attributes["id"] for _tag, attributes in page.elements if attributes.get("id")]
    assert sorted(ids) == sorted(set(ids)), "an id stands twice"
    for tag, attributes in page.elements:
        assert tag != "style"
        assert tag != "script" or attributes.get("src", "").startswith("/static/")  # type: ignore[union-attr]
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        assert not (attributes.get("href") or "").startswith("javascript:")
        if tag == "form" and (attributes.get("method") or "").lower() == "post":
            assert not (attributes.get("action") or "").startswith("http")
    assert not re.search(r"\{[{%#]|None\b|&lt;(?:p|b|br)\b", re.sub(r"<[^>]*>", " ", text)), "template left-overs"


def assert_guarded(response: Any) -> None:
    """Check the security headers, and that the page has the reader's language."""
    assert_headers(response)
    assert {"Accept-Language", "Cookie"} <= {part.strip() for part in response["Vary"].split(",")}
    assert response["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("address", PUBLIC)
@pytest.mark.parametrize("language", ["sr-latn", "sr-cyrl", "id", "ru", "en"])
def test_a_public_page_keeps_the_rules_in_every_language(client: Client, db: None, address: str, language: str) -> None:
    response = client.get(address, headers={"accept-language": language})
    assert response.status_code == 200
    assert_well_made(response)
    assert_guarded(response)
    code = address.split("/")[1]
    if code in MARKETS:
        spoken = market(code).languages
        assert response["Content-Language"] == (language if language in spoken else spoken[0])
        assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", WRONG)
def test_a_page_that_is_not_there_keeps_the_rules_too(client: Client, db: None, address: str) -> None:
    response = client.get(address)
    assert response.status_code in (404, 410)
    assert_well_made(response)
    assert_guarded(response)


@pytest.mark.parametrize("code", MARKETS)
def test_every_page_of_a_walk_keeps_the_rules(client: Client, post: Post, code: str) -> None:
    door = SeeingDoor(client)
    WALKS[code](door, post)
    assert len(door.pages) >= 6
    for name, response in door.pages.items():
        assert response.status_code in (200, 410, 422, 429), name
        assert_well_made(response)
        assert_guarded(response)
        assert response["Cache-Control"] == "no-store", name


def test_the_page_of_an_invitation_keeps_the_rules(client: Client, post: Post) -> None:
    person = on_file(ALI)
    invite(market="ru", person_ids=[person.pk], by=SYSTEM)
    link = post.to(ALI.email)[0].links[0]
    response = client.get(link[link.index("/ru/") :])
    assert response.status_code == 200
    assert "Али Гасан оглы" in response.content.decode()
    assert_well_made(response)
    assert_guarded(response)
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", [*PUBLIC, "/healthz"])
def test_a_head_is_answered_like_a_get_without_the_page(client: Client, db: None, address: str) -> None:
    head, get = client.head(address), client.get(address)
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert head["Content-Type"] == get["Content-Type"]


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
@pytest.mark.parametrize("address", [*PUBLIC, "/rs/home/", "/rs/signout/", "/ru/i/x", "/ru/e/x", "/language/"])
def test_other_methods_are_refused(client: Client, db: None, address: str, method: str) -> None:
    response = getattr(client, method)(address)
    assert response.status_code == 405
    assert response["Allow"]


@pytest.mark.parametrize("address", [CHOOSER, *LANDINGS, "/rs/home/", "/rs/legal/privacy/", "/rs/brand.css"])
def test_a_page_that_only_shows_takes_no_post(client: Client, db: None, address: str) -> None:
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("address", ["/language/", "/rs/signout/"])
def test_what_acts_takes_no_get(client: Client, db: None, address: str) -> None:
    assert client.get(address).status_code == 405
    assert client.head(address).status_code == 405
