"""Production refuses insecure settings, with the name of the setting and what is expected."""

import secrets
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mypolis.settings import Config

GOOD: dict[str, Any] = {
    "mode": "production",
    "secret_key": "q7Zr-2mVx9_TgLw4Kd8sYb3NpHc6Jf1AeXu5RtQiOoWzMnBv0C",
    "keys_file": Path("keys.json"),
    "brand_dir": Path("brands"),
    "allowed_hosts": ("portal.example",),
    "public_url": "https://portal.example",
    "argon2_memory_kib": 19_456,
    "argon2_passes": 2,
}
REPEATED = {
    "one letter": "x" * 64,
    "two letters": "ab" * 32,
    "a word": "changeme" * 8,
    "a word, broken off": "a secret key, " * 4 + "a sec",
    "few letters without order": "aababbbaabbabaaabbbabababbbaaabababbaaabbbababbababab",
}


def refusal(**changes: Any) -> str:
    """Return the error for production settings with these changes."""
    with pytest.raises(ValidationError) as told:
        Config(**{**GOOD, **changes})
    return str(told.value)


def test_settings_that_are_strong_are_taken() -> None:
    assert Config(**GOOD).mode == "production"


@pytest.mark.parametrize("name", ["secret_key", "keys_file", "brand_dir", "allowed_hosts"])
def test_what_is_missing_is_named(name: str) -> None:
    assert f"production needs MYPOLIS_{name.upper()}" in refusal(**{name: None if name != "allowed_hosts" else ()})


@pytest.mark.parametrize("what", REPEATED)
def test_a_secret_key_of_repeated_signs_is_refused(what: str) -> None:
    told = refusal(secret_key=REPEATED[what])
    assert "MYPOLIS_SECRET_KEY must be random" in told
    assert REPEATED[what] not in told.partition("[type=")[0]


def test_a_short_secret_key_is_refused() -> None:
    assert "MYPOLIS_SECRET_KEY must have at least 50 characters" in refusal(secret_key=GOOD["secret_key"][:49])


@given(st.text("abcdefghijklmnopqrstuvwxyz0123456789-_", min_size=1, max_size=25), st.integers(50, 120))
def test_a_secret_key_that_repeats_any_piece_is_refused(piece: str, size: int) -> None:
    assert "MYPOLIS_SECRET_KEY" in refusal(secret_key=(piece * size)[:size])


@pytest.mark.parametrize("hosts", [("*",), ("portal.example", "*"), "portal.example, *"])
def test_answering_to_every_host_is_refused(hosts: Any) -> None:
    assert "MYPOLIS_ALLOWED_HOSTS must name the portal's hosts" in refusal(allowed_hosts=hosts)


@pytest.mark.parametrize(("memory", "passes"), [(64, 1), (19_456, 1), (19_455, 2), (12_287, 3), (64, 10_000)])
def test_password_hashes_below_owasps_floor_are_refused(memory: int, passes: int) -> None:
    told = refusal(argon2_memory_kib=memory, argon2_passes=passes)
    assert "MYPOLIS_ARGON2_MEMORY_KIB" in told
    assert "MYPOLIS_ARGON2_PASSES" in told


@pytest.mark.parametrize(("memory", "passes"), [(19_456, 2), (47_104, 1), (65_536, 3), (9_728, 4)])
def test_password_hashes_at_or_above_owasps_floor_are_taken(memory: int, passes: int) -> None:
    assert Config(**{**GOOD, "argon2_memory_kib": memory, "argon2_passes": passes}).argon2_passes == passes


def test_every_weakness_is_told_at_once() -> None:
    told = refusal(secret_key="x" * 64, allowed_hosts=("*",), argon2_passes=1, public_url="http://portal.example")
    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "ARGON2_PASSES", "PUBLIC_URL"):
        assert f"MYPOLIS_{name}" in told


@pytest.mark.parametrize("mode", ["demo", "test"])
def test_the_demo_and_the_tests_may_be_quick_and_open(mode: str) -> None:
    weak = {"secret_key": "x" * 64, "allowed_hosts": ("*",), "argon2_memory_kib": 64, "argon2_passes": 1}
    assert Config(**{**GOOD, **weak, "mode": mode}).argon2_memory_kib == 64


TOKENS = ["metrics_token", "receipts_token", "bounces_token", "sms_token", "recaptcha_secret_key"]
WEAK_TOKENS = ["", "1", "changeme", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "abcabcabcabcabcabcabcabcabc", "0123456789"]


@pytest.mark.parametrize("name", TOKENS)
@pytest.mark.parametrize("token", WEAK_TOKENS)
def test_a_token_that_can_be_guessed_is_refused_and_not_repeated(name: str, token: str) -> None:
    told = refusal(**{name: token})
    assert f"MYPOLIS_{name.upper()} must be random" in told
    assert len(token) < 2 or token not in told.partition("[type=")[0]


@pytest.mark.parametrize("name", TOKENS)
def test_a_token_out_of_a_generator_is_taken(name: str) -> None:
    for token in (None, secrets.token_urlsafe(24), secrets.token_hex(24)):
        assert getattr(Config(**{**GOOD, name: token}), name) == token


IN_CLEAR = [
    ("smtp_url", "smtp://mail.example:25"), ("smtp_url", "smtp://user:secret@10.0.0.5"), ("smtp_url", "SMTP://mail"),
    ("smtp_url", "smtp://localhost.example"), ("smtp_url", "smtp://localhost@mail.example"),
    ("sms_url", "http://gw.example/send"), ("sms_url", "HTTP://gw.example"), ("sms_url", "kannel://a:b@k.example:13013"),
    ("sms_url", "smpp://a:b@c.example"), ("sms_url", "https://gw.example/, http://spare.example/#spare"),
    ("sms_url", "twilio://AC:b@api.twilio.com,smpp://a:b@10.0.0.9#spare"), ("sms_url", "http://127.0.0.1.example/"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "url"), IN_CLEAR)
def test_codes_never_leave_the_machine_unencrypted(name: str, url: str) -> None:
    told = refusal(**{name: url})
    assert f"MYPOLIS_{name.upper()}" in told
    assert "is not encrypted" in told
    assert "secret@" not in told.partition("[type=")[0]


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("smtp_url", "smtps://user:secret@mail.example"), ("smtp_url", "smtp+starttls://user:secret@mail.example:587"),
        ("smtp_url", "smtp://localhost:25"), ("smtp_url", "smtp://[::1]:2525"), ("sms_url", "https://gw.example/"),
        ("sms_url", "kannels://a:b@k.example, smpps://a:b@c.example, kannel://a:b@localhost#own"),
        ("sms_url", "http://127.0.0.1:9000/sms"), ("sms_url", "smpp://a:b@127.0.0.1"),
    ],
)  # fmt: skip
def test_encrypted_ways_and_relays_on_this_machine_are_taken(name: str, url: str) -> None:
    assert getattr(Config(**{**GOOD, name: url}), name) == url


@pytest.mark.parametrize("mode", ["demo", "test"])
def test_the_demo_may_send_to_its_own_fakes(mode: str) -> None:
    weak = {"sms_url": "http://gw.example/", "smtp_url": "smtp://mail.example", "metrics_token": "1"}
    assert Config(**{**GOOD, **weak, "mode": mode}).metrics_token == "1"


@pytest.mark.parametrize("networks", ["office", "10.1.0.0/33", "10.1.2.3/16", "10.0.0.0/8, 300.1.1.1"])
@pytest.mark.parametrize("mode", ["production", "test"])
def test_a_network_that_is_none_stops_the_start(mode: str, networks: str) -> None:
    assert "desk_networks" in refusal(mode=mode, desk_networks=networks)


def test_networks_and_single_addresses_of_the_desk_are_taken() -> None:
    taken = Config(**{**GOOD, "desk_networks": "10.1.0.0/16, 2001:db8::/32, 192.0.2.7"})
    assert taken.desk_networks == ("10.1.0.0/16", "2001:db8::/32", "192.0.2.7")


def test_the_desk_has_https_and_a_host_that_is_allowed() -> None:
    assert "MYPOLIS_DESK_URL must begin with https" in refusal(desk_url="http://portal.example")
    assert "host of MYPOLIS_DESK_URL" in refusal(desk_url="https://desk.example")
    hosts = ("portal.example", "desk.portal.example")
    assert Config(**{**GOOD, "desk_url": "https://desk.portal.example", "allowed_hosts": hosts}).desk_url is not None
