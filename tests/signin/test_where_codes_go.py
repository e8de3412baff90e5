"""How pages and API name the target of a code: a new contact in full, a known one masked, for strangers only "if"."""

import pytest

from tests.cast import ANNA, BUDI, JELENA, PASSWORD, on_file
from tests.doors import Door
from tests.post import Post
from tests.registration.steps import client_form
from tests.web.safety.sessions import member, signed_in

NEW = {"email": "new.address@example.test", "mobile": "+381641112233"}
WRITTEN = {"email": "new.address@example.test", "mobile": "+381 64 1112233"}


def said(reply_text: str) -> str:
    """The text with ordinary spaces and hyphens."""
    return reply_text.replace("\u00a0", " ").replace("\u2011", "-")


def in_english(door: Door) -> None:
    door.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"


@pytest.mark.parametrize("kind", ["email", "mobile"])
def test_the_new_contact_of_a_change_is_shown_in_full_and_the_old_one_masked(door: Door, post: Post, kind: str) -> None:
    signed_in(door, "rs")
    door.start("rs", f"change-{kind}")
    reply = door.answer("identity", **{kind: NEW[kind], "password": PASSWORD})
    assert "•••" in reply.text
    assert WRITTEN[kind] not in said(reply.text)
    reply = door.answer("code", code=post.code(JELENA.mobile if kind == "email" else JELENA.email))
    assert reply.step == "new-code"
    assert WRITTEN[kind] in said(reply.text)


def test_a_new_address_at_registration_is_shown_in_full(door: Door, post: Post) -> None:
    on_file(JELENA)
    door.start("rs", "register")
    door.answer("identity", **client_form(email=NEW["email"]))
    reply = door.answer("code", code=post.code(JELENA.mobile))
    assert NEW["email"] in reply.text


@pytest.mark.parametrize("known", [True, False], ids=["member", "stranger"])
@pytest.mark.parametrize("market", ["id", "ru"])
def test_recovery_says_if_these_details_are_right(door: Door, post: Post, market: str, known: bool) -> None:
    in_english(door)
    somebody = {"id": BUDI, "ru": ANNA}[market]
    name = member(somebody)
    typed = {"id": {"username": name}, "ru": {"mobile": name, "birth_date": ANNA.birth_date}}[market]
    if not known:
        typed |= {"id": {"username": "nobody2345"}, "ru": {"birth_date": "1977-07-07"}}[market]
    door.start(market, "recover")
    text = said(door.answer("identity", **typed).text)
    assert "If these details are right, we have sent a code" in text
    assert ("•••-••-67" in text) == (market == "ru")


def test_a_code_at_sign_in_is_told_masked_as_before(door: Door, post: Post) -> None:
    member(JELENA)
    door.start("rs", "signin")
    text = door.answer("credentials", email=JELENA.email, password=PASSWORD).text
    assert "j•••@example.test" in text
