"""A market is one package named in MYPOLIS_MARKETS; no other code needs a change."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from mypolis.foundation.journeys.definitions import registry
from mypolis.foundation.journeys.findings import lint_market
from mypolis.foundation.markets import all_markets, market
from mypolis.foundation.web.branding.brand import brand_of
from mypolis.membership.consents.documents import document
from tests.cast import NEW_PASSWORD, PASSWORD, Somebody, on_file
from tests.doors import Door
from tests.ecard.holders import Holder, counter
from tests.post import Post

LUKA = Somebody(
    market="me", given_name="Luka", surname="Đukić", national_id="1508995500237", email="luka@example.test",
    policy_type="individual", policy_number="ME-1", employer="",
)  # fmt: skip
CACHES = (all_markets, registry.definitions, brand_of, document)


@pytest.fixture(autouse=True)
def _montenegro(settings: Any) -> Iterator[None]:
    changes = {"markets": ("tests.montenegro",), "brand_dir": Path(__file__).parent / "montenegro" / "brands"}
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update=changes)
    for cache in CACHES:
        cache.cache_clear()
    yield
    for cache in CACHES:
        cache.cache_clear()


def test_its_journeys_have_no_finding_but_words(db: None) -> None:
    findings = [finding for finding in lint_market(market("me")) if "not translated" not in finding]
    assert findings == []


def test_somebody_registers_signs_in_recovers_and_signs_in_again(door: Door, post: Post) -> None:
    on_file(LUKA)
    door.start("me", "register")
    form = {"national_id": LUKA.national_id, "email": LUKA.email, "password": PASSWORD, "password_repeat": PASSWORD}
    assert door.answer("identity", **form).step == "code"
    door.answer("code", code=post.code(LUKA.email))
    assert door.is_signed_in()
    door.sign_out()
    door.start("me", "recover")
    door.answer("identity", email=LUKA.email)
    door.answer("code", code=post.code(LUKA.email))
    door.answer("new-password", password=NEW_PASSWORD, password_repeat=NEW_PASSWORD)
    door.start("me", "signin")
    door.answer("credentials", email=LUKA.email, password=NEW_PASSWORD)
    door.answer("code", code=post.code(LUKA.email))
    assert door.is_signed_in()


def test_it_has_cards_without_terms_of_their_own_that_a_counter_can_check(post: Post) -> None:
    luka = Holder(LUKA, journey=lambda door, somebody: joined(door, post, somebody))
    (card,) = luka.get("cards").json()["cards"]
    assert (card["state"], card["terms"], card["emergency"]) == ("to_activate", None, [])
    assert luka.post(f"cards/{card['id']}/activate").status_code == 200
    assert counter("me", luka.code()).json()["initials"] == "L. Đ."
    assert luka.get(f"cards/{card['id']}/pdf").content.startswith(b"%PDF")


def joined(door: Door, post: Post, somebody: Somebody) -> None:
    """Register somebody in this market."""
    door.start("me", "register")
    form = {"national_id": LUKA.national_id, "email": LUKA.email, "password": PASSWORD, "password_repeat": PASSWORD}
    door.answer("identity", **form)
    door.answer("code", code=post.code(somebody.email))


def test_the_other_markets_are_not_served(client: Client, db: None) -> None:
    assert client.get("/rs/").status_code == 404
    assert client.get("/me/register/").status_code == 200
    assert client.get("/").status_code == 302


def test_its_wrong_password_is_told_like_everywhere(door: Door, post: Post) -> None:
    on_file(LUKA)
    door.start("me", "signin")
    assert door.answer("credentials", email=LUKA.email, password="x").codes == {"bad_credentials"}
