"""The key ring: what it refuses, what a rotation does, and how running servers notice a change."""

import json
import os
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.lib.crypto.keyring import KeyRing, KeyRingError

RING = KeyRing("k2", {"k1": b"1" * 32, "k2": b"2" * 32})
KEY = "MTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTE="
# Made by the first version of this module from the ring above.
DIGEST = "b457dfd0e9ae83db134aa04475571d62bfc43777c69133fe940aa16b4362957f"
PEPPER = "68a57860faaf4d4b742dc775f247b73fe8f91d5b7f61832b4b039ea860e24284"
SEALED = (
    "01026b329be570aa0fc1a398ff20cd387f792cf21b2ee40aaf900a28cd38dd386f1b5160b106c66f92a021f140c68936a3f062a99243c1df"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "keys.json"
    keyring.create(path)
    return path


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, settings: SimpleNamespace, path: Path) -> SimpleNamespace:
    """A clock that only moves when a test sets its `now`. The settings name the ring at `path`."""
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr("mypolis.foundation.lib.crypto.keyring.time.monotonic", lambda: clock.now)
    settings.MYPOLIS = SimpleNamespace(keys_file=path)
    return clock


@given(st.binary(max_size=200), st.text(max_size=20))
def test_what_was_sealed_opens_in_its_own_context(plain: bytes, context: str) -> None:
    assert RING.open(RING.seal(plain, context=context), context=context) == plain


def test_another_context_is_refused() -> None:
    sealed = RING.seal(b"0101006500006", context="people.Person.national_id")
    with pytest.raises(KeyRingError, match="another context"):
        RING.open(sealed, context="people.Person.surname")


def test_every_changed_bit_is_refused_and_no_plaintext_told() -> None:
    sealed = RING.seal(b"secret", context="c")
    for position in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[position // 8] ^= 1 << position % 8
        with pytest.raises(KeyRingError) as told:
            RING.open(bytes(changed), context="c")
        assert "secret" not in str(told.value)


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01\x00", b"\x01\x02k", b"\x01\x02k2", b"\x02\x02k2" + b"0" * 40])
def test_what_was_never_sealed_is_refused(sealed: bytes) -> None:
    with pytest.raises(KeyRingError):
        RING.open(sealed, context="c")


def test_sealing_the_same_value_twice_gives_different_bytes() -> None:
    assert RING.seal(b"same", context="c") != RING.seal(b"same", context="c")


def test_a_sealed_value_tells_its_key_even_when_that_key_is_gone() -> None:
    sealed = RING.seal(b"x", context="c")
    alone = KeyRing("k1", {"k1": b"1" * 32})
    assert alone.key_of(sealed) == "k2"
    with pytest.raises(KeyRingError, match="k2 is not in the ring"):
        alone.open(sealed, context="c")


def test_digests_differ_by_purpose_key_and_value_and_the_primary_comes_first() -> None:
    digests = RING.digests("a@b.rs", purpose="email")
    assert digests[0] == RING.digest("a@b.rs", purpose="email")
    assert digests[1] == KeyRing("k1", {"k1": b"1" * 32}).digest("a@b.rs", purpose="email")
    assert len({*digests, RING.digest("a@b.rs", purpose="phone"), RING.digest("a@c.rs", purpose="email")}) == 4
    assert RING.digest("bc", purpose="a") != RING.digest("c", purpose="ab")


def test_whatever_text_a_stranger_sends_has_a_digest() -> None:
    assert len(RING.digest("\ud800\0", purpose="code")) == 32


def test_the_three_uses_of_a_key_share_no_bytes_with_it_or_each_other() -> None:
    key_id, pepper = RING.pepper()
    assert key_id == "k2"
    assert len(pepper) == 32
    assert pepper not in (RING.keys["k2"], RING.pepper("k1")[1])
    with pytest.raises(KeyRingError):
        RING.pepper("k9")


def test_a_ring_never_shows_its_keys() -> None:
    assert repr(RING) == "KeyRing(primary='k2')"


def test_subkeys_stay_as_they_are_because_stored_data_depends_on_them() -> None:
    assert RING.digest("value", purpose="purpose").hex() == DIGEST
    assert RING.pepper()[1].hex() == PEPPER
    assert RING.open(bytes.fromhex(SEALED), context="context") == b"kept since the first day"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"primary": "k1"}',
        '{"primary": "k1", "keys": []}',
        '{"primary": "k1", "keys": {}}',
        '{"primary": "k1", "keys": {"k1": 7}}',
        '{"primary": "k1", "keys": {"k1": "c2hvcnQ="}}',
        '{"primary": "k1", "keys": {"k1": "*not base64*"}}',
        f'{{"primary": "k2", "keys": {{"k1": "{KEY}"}}}}',
        f'{{"primary": "../k", "keys": {{"../k": "{KEY}"}}}}',
    ],
)
def test_a_malformed_ring_is_refused_without_quoting_it(path: Path, content: str) -> None:
    path.write_text(content)
    with pytest.raises(KeyRingError) as told:
        KeyRing.load(path)
    assert KEY not in str(told.value)


def test_a_missing_ring_is_told_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(KeyRingError, match=r"absent\.json cannot be read"):
        KeyRing.load(tmp_path / "absent.json")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_ring_that_others_can_read_is_refused(path: Path, mode: int) -> None:
    path.chmod(mode)
    with pytest.raises(KeyRingError, match="chmod 600"):
        KeyRing.load(path)


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(KeyRingError, match="absent cannot be opened"):
        keyring.create(tmp_path / "absent" / "keys.json")


def test_creating_never_replaces_a_ring(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        keyring.create(path)
    assert path.read_bytes() == before


def test_every_write_leaves_one_file_that_only_its_owner_reads(path: Path) -> None:
    key_id = keyring.add_key(path)
    keyring.promote(path, key_id)
    keyring.retire(path, "k1")
    assert path.stat().st_mode & 0o777 == 0o600
    assert [found.name for found in path.parent.iterdir()] == ["keys.json"]
    assert set(json.loads(path.read_text())) == {"primary", "keys"}


def test_a_rotation_keeps_everything_open_until_the_old_key_is_retired(path: Path) -> None:
    old = KeyRing.load(path)
    sealed = old.seal(b"x", context="c")

    assert keyring.add_key(path) == "k2"
    added = KeyRing.load(path)
    assert added.primary == "k1"
    keyring.promote(path, "k2")
    promoted = KeyRing.load(path)
    # A server that has not noticed the promotion yet can read what another server writes after it.
    assert added.open(promoted.seal(b"y", context="c"), context="c") == b"y"
    assert promoted.open(sealed, context="c") == b"x"
    assert old.digest("v", purpose="p") in promoted.digests("v", purpose="p")
    assert promoted.digest("v", purpose="p") in added.digests("v", purpose="p")

    keyring.retire(path, "k1")
    with pytest.raises(KeyRingError, match="k1 is not in the ring"):
        KeyRing.load(path).open(sealed, context="c")


def test_the_primary_and_unknown_keys_cannot_be_retired_or_promoted(path: Path) -> None:
    with pytest.raises(KeyRingError, match="promote another one first"):
        keyring.retire(path, "k1")
    with pytest.raises(KeyRingError, match="k7 is not in the ring"):
        keyring.retire(path, "k7")
    with pytest.raises(KeyRingError, match="k7 is not in the ring"):
        keyring.promote(path, "k7")


def test_two_operators_adding_keys_at_once_lose_none(path: Path) -> None:
    threads = [threading.Thread(target=keyring.add_key, args=[path]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(KeyRing.load(path).keys) == [f"k{number}" for number in range(1, 10)]


def test_a_write_that_fails_leaves_the_old_ring_and_nothing_else(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    before = path.read_bytes()
    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        keyring.add_key(path)
    assert path.read_bytes() == before
    assert [found.name for found in path.parent.iterdir()] == ["keys.json"]


def test_a_running_server_follows_a_rotation_within_a_second(path: Path, clock: SimpleNamespace) -> None:
    assert keyring.current().primary == "k1"
    keyring.promote(path, keyring.add_key(path))
    assert keyring.current().primary == "k1"
    clock.now += 1
    assert keyring.current().primary == "k2"


def test_an_unchanged_ring_is_not_read_again(clock: SimpleNamespace) -> None:
    first = keyring.current()
    clock.now += 5
    assert keyring.current() is first


def test_a_ring_that_vanishes_is_told_not_papered_over(path: Path, clock: SimpleNamespace) -> None:
    keyring.current()
    path.unlink()
    clock.now += 1
    with pytest.raises(KeyRingError, match="cannot be read"):
        keyring.current()


def test_another_ring_in_the_settings_is_taken_at_once(
    path: Path, clock: SimpleNamespace, settings: SimpleNamespace
) -> None:
    first = keyring.current()
    other = path.with_name("other.json")
    keyring.create(other)
    settings.MYPOLIS = SimpleNamespace(keys_file=other)
    assert keyring.current().keys != first.keys


def test_a_deployment_without_a_ring_is_told_the_setting(settings: SimpleNamespace) -> None:
    settings.MYPOLIS = SimpleNamespace(keys_file=None)
    with pytest.raises(KeyRingError, match="MYPOLIS_KEYS_FILE"):
        keyring.current()
