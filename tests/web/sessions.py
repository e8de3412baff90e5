"""Members with an account, and how the tests ask who they are."""

from typing import Any

from django.test import Client

from tests.cast import ANNA, BUDI, JELENA, Somebody, on_file
from tests.doors import ApiDoor, Door
from tests.post import Post
from tests.registration.steps import register, sign_in

MEMBERS = {"rs": JELENA, "id": BUDI, "ru": ANNA}


def member(post: Post, somebody: Somebody) -> str:
    """Open an account through a browser of its own; gives the name to sign in with."""
    on_file(somebody)
    door = ApiDoor(Client())
    register(door, post, somebody)
    return {"rs": somebody.email, "id": door.shown(), "ru": somebody.mobile}[somebody.market]


def signed_in(door: Door, post: Post, market: str) -> str:
    """Sign the market's member in through this door, on a device not seen before."""
    somebody = MEMBERS[market]
    name = member(post, somebody)
    sign_in(door, post, somebody, name)
    assert door.is_signed_in()
    return name


def secret_of(door: Door) -> str:
    """The token of the door's session."""
    return door.access if isinstance(door, ApiDoor) else door.client.cookies[f"session-{door.market}"].value


def who(market: str, secret: str, *, by: str) -> Any:
    """What a stranger with this session token gets: the member's page, or the account as JSON."""
    client = Client()
    if by == "page":
        client.cookies[f"session-{market}"] = secret
        return client.get(f"/{market}/home/")
    return client.get(f"/api/v1/{market}/me", headers={"authorization": f"Bearer {secret}"})
