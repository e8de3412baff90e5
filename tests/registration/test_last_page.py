"""The last page of registration is the same for everybody. Sign-in prefills only what the person typed."""

import re

import pytest
from django.test import Client

from mypolis.membership.accounts.models import ContactPoint
from tests.cast import BUDI, JELENA, on_file
from tests.doors import ApiDoor, Door, PageDoor, Reply
from tests.post import Post
from tests.registration.steps import client_form, register

BY_POLICY = {"email": ""}
BY_EMAIL = {"policy_number": "", "email": JELENA.email}
BY_BOTH = {"email": JELENA.email}
BY_NEW_EMAIL = {"email": "new@example.test"}


def walked_to_the_last_page(door: Door, post: Post, **changes: str) -> Reply:
    """Register Jelena by this door, with codes if the form asks for another e-mail address."""
    door.start("rs", "register", "client")
    reply = door.answer("identity", **client_form(**changes))
    if reply.step == "code":
        door.answer("code", code=post.code(JELENA.mobile))
        reply = door.answer("email-code", code=post.code(changes["email"]))
    return reply


def last_page(post: Post, kind: type[Door], **changes: str) -> str:
    """The last page in a new browser or app, without values that are random each time."""
    reply = walked_to_the_last_page(kind(Client()), post, **changes)
    assert reply.result == {"next": "signin"}
    fleeting = r'csrfmiddlewaretoken" value="[^"]*"|"token": "[^"]*"|"expires_at": "[^"]*"'
    return re.sub(fleeting, "", reply.text)


@pytest.mark.parametrize("kind", [PageDoor, ApiDoor])
@pytest.mark.parametrize("typed", [BY_POLICY, BY_EMAIL, BY_BOTH], ids=["policy", "email", "both"])
def test_the_end_names_the_address_on_file_by_its_first_letter(
    db: None, post: Post, kind: type[Door], typed: dict[str, str]
) -> None:
    on_file(JELENA)
    text = last_page(post, kind, **typed)
    assert "j•••" in text
    assert "j•••@" not in text
    assert JELENA.email.partition("@")[0] not in text


@pytest.mark.parametrize("kind", [PageDoor, ApiDoor])
@pytest.mark.parametrize("typed", [BY_POLICY, BY_EMAIL, BY_BOTH, BY_NEW_EMAIL], ids=["policy", "email", "both", "new"])
def test_somebody_registered_already_reads_the_very_same(
    db: None, post: Post, kind: type[Door], typed: dict[str, str]
) -> None:
    on_file(JELENA)
    first = last_page(post, kind, **typed)
    assert last_page(post, kind, **typed) == first
    ContactPoint.objects.filter(kind="email").update(value="x@else.test", key="x@else.test")
    assert last_page(post, kind, **typed) == first


@pytest.mark.parametrize("kind", [PageDoor, ApiDoor])
def test_an_address_typed_and_proven_here_is_named_in_full(db: None, post: Post, kind: type[Door]) -> None:
    on_file(JELENA)
    assert "new@example.test" in last_page(post, kind, **BY_NEW_EMAIL)


def test_whoever_is_registered_with_an_address_that_mail_does_not_reach_reads_the_same(db: None, post: Post) -> None:
    on_file(JELENA)
    first = last_page(post, PageDoor)
    ContactPoint.objects.filter(kind="email").update(undeliverable_since="2026-01-01T00:00Z")
    assert last_page(post, PageDoor) == first


@pytest.mark.parametrize("again", [False, True], ids=["new", "registered"])
def test_the_mail_leads_to_sign_in_without_a_token(door: Door, post: Post, again: bool) -> None:
    on_file(JELENA)
    register(door, post, JELENA)
    if again:
        register(door, post, JELENA)
    links = post.to(JELENA.email)[0].links
    assert any(link.endswith("/rs/signin/") for link in links)
    assert not [link for link in links if not re.fullmatch(r"https?://[^/]+/rs/(signin|recover)/", link)]


@pytest.mark.parametrize("again", [False, True], ids=["new", "registered"])
@pytest.mark.parametrize(("typed", "shown"), [(BY_POLICY, None), (BY_EMAIL, JELENA.email)], ids=["none", "email"])
def test_sign_in_is_filled_in_with_a_typed_address_alone(
    client: Client, db: None, post: Post, typed: dict[str, str], shown: str | None, again: bool
) -> None:
    on_file(JELENA)
    if again:
        last_page(post, PageDoor)
    door = PageDoor(client)
    door.start("rs", "register", "client")
    door.answer("identity", **client_form(**typed))
    answer = client.get("/rs/signin/")
    assert answer.context["form"]["email"].value() == shown
    assert ('value="jelena@example.test"' in answer.content.decode()) == bool(shown)
    assert JELENA.email not in str(client.cookies)


def test_a_username_is_mailed_when_it_was_made_and_stands_under_security(door: Door, post: Post) -> None:
    on_file(BUDI)
    register(door, post, BUDI)
    username = door.shown()
    letter = next(letter for letter in post.to(BUDI.email) if letter.template == "username-made")
    assert username in letter.text
    assert any(link.endswith("/id/signin/") for link in letter.links)
    if isinstance(door, PageDoor):
        assert username in door.client.get("/id/security/").content.decode()
    else:
        me = door.client.get("/api/v1/id/me", headers={"authorization": f"Bearer {door.access}"}).json()
        assert me["username"] == username


@pytest.mark.parametrize("typed", [BY_POLICY, BY_NEW_EMAIL], ids=["on file", "new"])
def test_the_last_page_follows_a_change_of_language(db: None, post: Post, typed: dict[str, str]) -> None:
    on_file(JELENA)
    door = PageDoor(Client())
    assert "Proverite imejl" in walked_to_the_last_page(door, post, **typed).text
    changed = door.client.post("/language/", {"language": "en", "next": door.address}, follow=True).text
    assert "Check your email" in changed
    assert "We have sent an email about your account to" in changed
    assert "Poslali smo" not in changed
