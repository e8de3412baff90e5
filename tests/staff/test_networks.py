"""Which addresses may use the desk."""

import pytest
from django.conf import settings
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.staff import findings
from mypolis.foundation.staff.entrance.networks import is_allowed, is_within

OFFICE = ("10.1.0.0/16", "2001:db8:1::/48")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("10.1.2.3", True),
        ("10.2.0.1", False),
        ("::ffff:10.1.2.3", True),
        ("::ffff:10.2.2.3", False),
        ("2001:db8:1::7", True),
        ("2001:db8:2::7", False),
        ("", False),
        ("office", False),
        ("10.1.2.3, 10.1.2.4", False),
    ],
)
def test_an_address_is_compared_with_the_networks(address: str, expected: bool) -> None:
    assert is_within(address, OFFICE) is expected


@pytest.mark.parametrize(
    ("proxies", "header", "expected"),
    [
        (1, "10.1.2.3", True),
        (1, "10.1.2.3, 192.0.2.1", False),  # the caller put a wished address before the real one
        (2, "10.1.2.3, 172.16.0.1", True),
        (2, "10.1.2.3", False),  # too short: somebody came around a proxy
        (1, "", False),
        (1, "unknown", False),
        (2, "10.1.2.3, unknown", False),
        (1, "192.0.2.1, 10.1.2.3", True),
        (1, "fe80::1%eth0", False),
    ],
)
def test_behind_proxies_a_short_or_odd_header_is_refused(
    monkeypatch: pytest.MonkeyPatch, proxies: int, header: str, expected: bool
) -> None:
    changed = settings.MYPOLIS.model_copy(update={"desk_networks": OFFICE, "trusted_proxies": proxies})
    monkeypatch.setattr(settings, "MYPOLIS", changed)
    request = RequestFactory().get("/desk/", headers={"x-forwarded-for": header}, REMOTE_ADDR="10.1.9.9")
    assert is_allowed(request) is expected


def test_without_networks_everybody_may_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MYPOLIS", settings.MYPOLIS.model_copy(update={"desk_networks": ()}))
    assert is_allowed(RequestFactory().get("/desk/", REMOTE_ADDR="192.0.2.1")) is True


@given(st.text(max_size=60))
def test_no_text_is_an_error(text: str) -> None:
    assert is_within(text, OFFICE) in (True, False)


@pytest.mark.parametrize(
    ("networks", "proxies", "says"),
    [
        (("0.0.0.0/0",), 1, "every address"),
        (("10.1.0.0/16", "::/0"), 1, "every address"),
        (("127.0.0.0/8",), 1, "holds 127.0.0.1"),
        (("::1/128",), 1, "holds ::1"),
        (("172.17.0.0/16",), 1, "holds 172.17.0.3"),
        (OFFICE, 0, "set MYPOLIS_TRUSTED_PROXIES"),
    ],
)
def test_a_list_that_keeps_nobody_out_is_found(
    monkeypatch: pytest.MonkeyPatch, networks: tuple[str, ...], proxies: int, says: str
) -> None:
    (finding,) = found_in(monkeypatch, networks, proxies)
    assert finding.startswith("MYPOLIS_DESK_NETWORKS: ")
    assert says in finding


def test_a_list_of_offices_is_sound_and_so_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found_in(monkeypatch, OFFICE, 1) == []
    assert found_in(monkeypatch, (), 0) == []


def test_the_servers_own_addresses_are_addresses() -> None:
    assert all(is_within(address, ["0.0.0.0/0", "::/0"]) for address in findings.own_addresses())


def found_in(monkeypatch: pytest.MonkeyPatch, networks: tuple[str, ...], proxies: int) -> list[str]:
    """The findings about such settings, in production on a server that is 172.17.0.3."""
    update = {"desk_networks": networks, "trusted_proxies": proxies, "mode": "production"}
    monkeypatch.setattr(settings, "MYPOLIS", settings.MYPOLIS.model_copy(update=update))
    monkeypatch.setattr(findings, "own_addresses", lambda: ["172.17.0.3"])
    return findings.findings([])
