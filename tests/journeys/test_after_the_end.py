"""The answer that finishes a journey carries its result; whoever holds its token later learns only that it is done."""

import pytest
from django.test import Client

from mypolis.membership.accounts.models import Account
from tests.cast import ANNA, BUDI, JELENA, Somebody, on_file
from tests.doors import ApiDoor, PageDoor
from tests.post import Post
from tests.registration.steps import register, sign_in

PERSONAL = ("access_token", "device_token", "@", "surname", "given_name", "Petrović", "Budi", "Смирн")


@pytest.mark.parametrize("somebody", [JELENA, BUDI, ANNA], ids=["rs", "id", "ru"])
@pytest.mark.parametrize("kind", ["register", "signin"])
def test_a_later_look_by_the_api_tells_only_the_state(post: Post, somebody: Somebody, kind: str) -> None:
    on_file(somebody)
    door = ApiDoor(Client())
    last = register(door, post, somebody)
    if kind == "signin":
        username = door.shown()
        last = sign_in(door, post, somebody, {"rs": JELENA.email, "id": username, "ru": ANNA.mobile}[somebody.market])
    account = Account.objects.get()
    personal = [*PERSONAL, account.person.surname, account.person.given_name]
    personal += [name.value for name in account.usernames.all()]
    assert last.result is not None
    assert ("account" in last.result) == (somebody is not JELENA or kind == "signin")

    for ask in (door.look, lambda: door.answer("identity"), lambda: door.back("identity"), door.resend):
        later = ask()
        assert door.document["state"] == "done"
        assert later.result in (None, {"next": "signin"})
        assert str(account.pk) not in [str(value) for value in (later.result or {}).values()]
        assert not [word for word in personal if word in later.text]


def test_a_page_tells_the_end_to_the_browser_that_finished_it_and_to_no_other(post: Post) -> None:
    on_file(JELENA)
    door = PageDoor(Client())
    last = register(door, post, JELENA)
    assert "Petrović" not in last.text
    first, again = door.look(), door.look()
    assert first.text.count("•••") == again.text.count("•••") > 0

    thief = Client()
    thief.cookies["journey-register-rs"] = door.client.cookies["journey-register-rs"].value
    told = thief.get("/rs/register/").content.decode()
    assert "•••" not in told
    assert "completed this already" in told or "već" in told
    thief.cookies["ended-register-rs"] = door.client.cookies["journey-register-rs"].value
    assert "•••" not in thief.get("/rs/register/").content.decode()
