"""Answers are in the requested language, if the market has it."""

from typing import Any

import pytest
from django.test import Client

from mypolis.foundation.markets import market
from tests.api.talk import MARKETS


def _title(client: Client, code: str, wanted: str) -> tuple[str, str]:
    response = client.post(
        f"/api/v1/{code}/journeys", {"journey": "signin"}, "application/json", headers={"accept-language": wanted}
    )
    return response.json()["step"]["title"], response["Content-Language"]


@pytest.mark.parametrize("code", MARKETS)
def test_labels_follow_accept_language(client: Client, db: None, code: str) -> None:
    own = market(code).default_language
    assert _title(client, code, "en-GB,en;q=0.9") == ("Sign in", "en")
    title, language = _title(client, code, f"{own},en;q=0.5")
    assert language == own
    assert title != "Sign in"


@pytest.mark.parametrize("code", MARKETS)
@pytest.mark.parametrize("wanted", ["", "*", "zz", ";;;", "en;q=abc;x", "\x00", "é", "x" * 10_000, "de," * 5_000])
def test_an_odd_or_unknown_wish_gets_the_markets_own(client: Client, db: None, code: str, wanted: str) -> None:
    assert _title(client, code, wanted)[1] == market(code).default_language


@pytest.mark.parametrize("code", MARKETS)
def test_refusals_speak_the_language_too(client: Client, db: None, code: str) -> None:
    own = market(code).default_language
    said: dict[str, Any] = {}
    for wanted in ("en", own):
        response = client.post(
            f"/api/v1/{code}/journeys",
            {"journey": "signin", "way": "nothing"},
            "application/json",
            headers={"accept-language": wanted},
        )
        assert response["Content-Language"] == wanted
        said[wanted] = response.json()["detail"]
    assert said["en"] != said[own]


BAD_BODIES = {
    "no json": "journey=signin",
    "no object": "[]",
    "a missing member": "{}",
    "a wrong type": '{"journey": 1}',
    "too long": '{"journey": "' + "x" * 41 + '"}',
    "an unknown member": '{"journey": "signin", "is_staff": true}',
    "half a sign": r'{"journey": "\ud800"}',
}


@pytest.mark.parametrize("what", BAD_BODIES)
@pytest.mark.parametrize("code", MARKETS)
def test_a_bad_body_is_told_in_the_language_too(client: Client, db: None, code: str, what: str) -> None:
    own = market(code).default_language
    said = {}
    for wanted in ("en", own):
        headers = {"accept-language": wanted}
        answer = client.post(f"/api/v1/{code}/journeys", BAD_BODIES[what], "application/json", headers=headers).json()
        said[wanted] = {answer["detail"], *(error["message"] for error in answer["errors"])}
    assert not said["en"] & said[own]


@pytest.mark.parametrize("code", MARKETS)
def test_the_api_hears_no_cookie(client: Client, db: None, code: str) -> None:
    client.cookies[f"language-{code}"] = "en"
    response = client.get(f"/api/v1/{code}")
    assert response["Content-Language"] == market(code).default_language
    assert not response.cookies
