"""The captcha of a profile with "by-risk": shown only to addresses with many attempts."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from mypolis.foundation.markets import registry
from mypolis.foundation.markets.serbia import PROFILE
from tests.cast import JELENA, on_file
from tests.doors import ApiDoor, Door, PageDoor
from tests.registration.steps import client_form, solved


@pytest.fixture(params=["by-risk"])
def profile(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """Serbia with another setting for its captcha."""
    monkeypatch.setitem(registry.all_markets(), "rs", replace(PROFILE, captcha=request.param))


def form(**changes: Any) -> dict[str, Any]:
    """Return the answers of the Serbian page without the captcha."""
    return {name: value for name, value in client_form(**changes).items() if name != "captcha"}


def fails(door: Door, times: int) -> None:
    """Fail to match, several times."""
    for _time in range(times):
        assert door.answer("identity", **form(policy_number="RS-9999")).errors == {("", "no_match")}


def test_a_quiet_address_is_not_asked(door: Door, profile: None) -> None:
    on_file(JELENA)
    door.start("rs", "register")
    assert door.answer("identity", **form()).result == {"next": "signin"}


def test_after_five_failed_matches_it_is_asked_and_nothing_typed_is_lost(door: Door, profile: None) -> None:
    on_file(JELENA)
    door.start("rs", "register")
    fails(door, 5)
    assert door.answer("identity", **form()).errors == {("captcha", "required")}
    assert door.value("policy_number") == JELENA.policy_number
    assert door.answer("identity", **form(), captcha="forged").errors == {("captcha", "captcha")}
    assert door.answer("identity", **form(), captcha=solved("rs")).result == {"next": "signin"}


def test_others_elsewhere_are_not_asked(client: Client, profile: None) -> None:
    on_file(JELENA)
    attacker, other = ApiDoor(client), ApiDoor(Client(REMOTE_ADDR="203.0.113.9"))
    attacker.start("rs", "register")
    fails(attacker, 5)
    other.start("rs", "register")
    assert other.answer("identity", **form()).status == 200


def test_after_twenty_journeys_it_is_asked(client: Client, profile: None) -> None:
    door, page = ApiDoor(client), PageDoor(Client())
    for _time in range(19):
        door.start("rs", "recover")
    page.start("rs", "recover")
    assert "captcha" not in page.context["form"].fields
    door.start("rs", "recover")
    page.start("rs", "recover")
    assert "captcha" in page.context["form"].fields
    assert "captcha" in [field["name"] for field in door.document["step"]["fields"]]


@pytest.mark.parametrize("profile", ["never"], indirect=True)
def test_never_is_never(client: Client, profile: None) -> None:
    on_file(JELENA)
    door = ApiDoor(client)
    door.start("rs", "register")
    fails(door, 6)
    assert door.answer("identity", **form()).status == 200
