"""The IP address of a request: a trusted proxy's header counts, if it is a valid address."""

from typing import Any

import pytest
from django.test import RequestFactory

from mypolis.foundation.web.requests import actor_of, address_of, market_in

PEER = "10.0.0.1"


def seen(settings: Any, proxies: int, forwarded: str) -> str:
    """Return the IP address that we take as the caller's."""
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"trusted_proxies": proxies})
    request = RequestFactory(REMOTE_ADDR=PEER).get("/rs/", headers={"x-forwarded-for": forwarded})
    return address_of(request)


def test_nobody_is_believed_where_no_proxy_stands_in_front(settings: Any) -> None:
    assert seen(settings, 0, "203.0.113.9") == PEER


@pytest.mark.parametrize(
    "forwarded",
    ["", ",", "nobody", "203.0.113.9:80", "[::1]", "fe80::1%eth0", "\x00", "203.0.113.999", "unknown", "a" * 5_000],
)
def test_what_is_no_address_is_not_taken_for_one(settings: Any, forwarded: str) -> None:
    assert seen(settings, 1, forwarded) == PEER


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (2, "1.1.1.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", PEER),
        (1, "2001:db8::7", "2001:db8::7"),
    ],
)
def test_only_as_many_hops_as_there_are_proxies_are_believed(
    settings: Any, proxies: int, forwarded: str, address: str
) -> None:
    assert seen(settings, proxies, forwarded) == address


def test_a_user_agent_is_kept_as_far_as_it_can_be_shown() -> None:
    request = RequestFactory().get("/", headers={"user-agent": "Fire\x00fox\r\n\x1b[31m 1" + "x" * 500})
    client = actor_of(request).client
    assert client.startswith("Firefox[31m 1")
    assert len(client) <= 200


@pytest.mark.parametrize(
    ("path", "code"),
    [("/rs/", "rs"), ("/rs", "rs"), ("/api/v1/id/journeys", "id"), ("/api/v1/ru", "ru"), ("/", None), ("/xx/", None)],
)
def test_the_market_is_told_by_the_address(path: str, code: str | None) -> None:
    profile = market_in(path)
    assert (profile.code if profile else None) == code


@pytest.mark.parametrize("path", ["", "rs", "/api/", "/api/v1", "/api/v1/", "//rs/", "/API/v1/rs", "/x/rs/"])
def test_other_addresses_are_of_no_market(path: str) -> None:
    assert market_in(path) is None
