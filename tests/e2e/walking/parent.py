"""The demo's parent in each market: registered, with a plan, documents, a family and a waiting offer."""

import httpx

from mypolis.demo.cast.family import PARENT_BORN
from tests.e2e.walking.app import App
from tests.e2e.walking.journeys import signin
from tests.e2e.walking.lists import Insured
from tests.e2e.walking.running import Demo


def sign_in_parent(own: App, market: str, demo: Demo) -> None:
    """Sign in with the app, on an unknown device."""
    people = httpx.get(f"{demo.url}/inbox/people.json", params={"market": market}).json()
    (found,) = (
        one
        for one in people
        if one["market"] == market and one["password"] and one["birth_date"] == PARENT_BORN.isoformat()
    )
    parent = Insured(market=market, way="", mobile=found["mobile"], email=found["email"])
    turns = signin(parent, username=found["username"], password=found["password"], code=True)
    own.walk(market, "signin", turns)


def belongings(own: App, market: str) -> dict[str, str]:
    """The ids of the parent's policy, card and so on, as URLs contain them."""
    cover = next(one for one in own.get(market, "cover")["covers"] if one["benefits"])
    card = next(one for one in own.get(market, "cards")["cards"] if one["state"] == "to_activate")
    return {
        "policy": cover["policy"]["id"],
        "benefit": cover["benefits"][0]["key"],
        "card": card["id"],
        "person": own.get(market, "family")["people"][0]["whose"],
        "mandate": own.get(market, "mandates")["offers"][0]["id"],
    }
