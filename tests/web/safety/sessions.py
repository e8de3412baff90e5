"""Members with an account, and requests that show who is signed in."""

from typing import Any

from django.test import Client

from mypolis.membership.accounts.models import Account
from tests.cast import ANNA, BUDI, JELENA, Somebody, on_file
from tests.doors import ApiDoor, Door
from tests.members import admit, enrol

MEMBERS = {"rs": JELENA, "id": BUDI, "ru": ANNA}


def member(somebody: Somebody) -> str:
    """Put somebody on file and open an account in another browser. Returns the name for signing in."""
    on_file(somebody)
    return enrol(ApiDoor(Client()), somebody)


def signed_in(door: Door, market: str) -> str:
    """Sign in the market's member through this door, on a new device."""
    name = member(MEMBERS[market])
    admit(door, Account.objects.filter(market=market).latest("pk"))
    return name


def secret_of(door: Door) -> str:
    """Return the token of the door's session."""
    return door.access if isinstance(door, ApiDoor) else door.client.cookies[f"session-{door.market}"].value


def who(market: str, secret: str, *, by: str) -> Any:
    """Return what a stranger with this session token gets: the member's page, or the account as JSON."""
    client = Client()
    if by == "page":
        client.cookies[f"session-{market}"] = secret
        return client.get(f"/{market}/home/")
    return client.get(f"/api/v1/{market}/me", headers={"authorization": f"Bearer {secret}"})
