"""Passkeys that are sent twice at once, copied, or made of odd keys, ids and fields."""

import json
from typing import Any

import cbor2
import pytest
from django.conf import settings

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.foundation.factors.holders import new_holder
from mypolis.foundation.factors.models import Holder, Passkey
from mypolis.foundation.factors.passkeys.adding import add
from mypolis.foundation.factors.passkeys.answers import PasskeyRefused
from mypolis.foundation.factors.passkeys.options import options_for_adding, options_for_signing_in
from mypolis.foundation.factors.passkeys.proving import prove
from tests.factors.software_authenticator import SoftwareAuthenticator, decoded, encoded
from tests.journeys.test_races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def device() -> SoftwareAuthenticator:
    """A device whose browser shows our address."""
    return SoftwareAuthenticator(origin=str(settings.MYPOLIS.public_url))


@pytest.fixture
def holder() -> Holder:
    """Somebody at the desk."""
    return new_holder(door="desk")


def made(device: SoftwareAuthenticator, holder: Holder) -> str:
    """What a browser sends that adds the device's passkey."""
    return device.create(options_for_adding(holder, user_name="vesna@insurer.example", display_name="Vesna"))


def proof(device: SoftwareAuthenticator) -> str:
    """What a browser sends that signs in with the device."""
    return device.get(options_for_signing_in("desk"))


def adding(holder: Holder, sent: str) -> str:
    """Add a passkey; return "added" or the code of the refusal."""
    try:
        add(holder=holder, sent=sent, name="laptop", by=SYSTEM)
    except PasskeyRefused as refused:
        return refused.code
    return "added"


def proving(sent: str) -> str:
    """Sign in; return "proven" or the code of the refusal."""
    try:
        prove(sent=sent, door="desk", by=SYSTEM)
    except PasskeyRefused as refused:
        return refused.code
    return "proven"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("count", [0, 7])
def test_one_answer_sent_twice_at_once_proves_once(device: SoftwareAuthenticator, holder: Holder, count: int) -> None:
    device.count = count
    assert adding(holder, made(device, holder)) == "added"
    sent = proof(device)
    assert sorted(at_once(*[lambda: proving(sent)] * 2)) == ["proven", "refused"]
    assert Passkey.objects.get().suspect_since is None, "a double click does not block the passkey"


@pytest.mark.django_db(transaction=True)
def test_one_passkey_added_for_two_people_at_once_belongs_to_one(device: SoftwareAuthenticator, holder: Holder) -> None:
    other = new_holder(door="desk")
    first, second = made(device, holder), made(device, other)
    assert sorted(at_once(lambda: adding(holder, first), lambda: adding(other, second))) == ["added", "refused"]


def test_one_answer_adds_one_passkey(device: SoftwareAuthenticator, holder: Holder) -> None:
    sent = made(device, holder)
    assert [adding(holder, sent), adding(holder, sent)] == ["added", "refused"]
    assert adding(holder, made(device, holder)) == "refused", "also when it is made again with the same id"
    assert Passkey.objects.count() == 1


def test_a_copied_key_is_recorded_once_and_keeps_its_highest_count(
    device: SoftwareAuthenticator, holder: Holder
) -> None:
    device.count = 7
    adding(holder, made(device, holder))
    device.count = 0
    assert [proving(proof(device)), proving(proof(device))] == ["suspect", "suspect"]
    assert Passkey.objects.get().sign_count == 7
    assert Event.objects.filter(kind="passkey.suspected").count() == 1


def test_one_bit_of_the_signature_counts(device: SoftwareAuthenticator, holder: Holder) -> None:
    adding(holder, made(device, holder))
    answer = json.loads(proof(device))
    signature = bytearray(decoded(answer["response"]["signature"]))
    signature[-1] ^= 1
    answer["response"]["signature"] = encoded(bytes(signature))
    assert proving(json.dumps(answer)) == "refused"


@pytest.mark.parametrize("length", [1024, 3000, 9000])
def test_an_id_longer_than_the_standard_allows_is_refused(
    device: SoftwareAuthenticator, holder: Holder, length: int
) -> None:
    device.credential_id = bytes(range(256)) * (length // 256) + bytes(length % 256)
    assert adding(holder, made(device, holder)) in ("refused", "malformed")


KEYS: list[Any] = [
    "text",
    [1],
    {1: 2},
    {1: 2, 3: -7},
    {1: 2, 3: -7, -1: 1, -2: "x", -3: 5},
    {1: 2, 3: -7, -1: 1, -2: bytes(32), -3: bytes(32)},
    {1: 1, 3: -8, -1: 6, -2: b"short"},
    {1: 3, 3: -257, -1: b"", -2: b""},
    {1: [], 3: {}},
]


@pytest.mark.parametrize("key", KEYS, ids=str)
def test_a_public_key_that_is_no_key_is_refused(device: SoftwareAuthenticator, holder: Holder, key: Any) -> None:
    answer = json.loads(made(device, holder))
    attestation = cbor2.loads(decoded(answer["response"]["attestationObject"]))
    before = 37 + 16 + 2 + len(device.credential_id)
    attestation["authData"] = attestation["authData"][:before] + cbor2.dumps(key)
    answer["response"]["attestationObject"] = encoded(cbor2.dumps(attestation))
    assert adding(holder, json.dumps(answer)) == "refused"
    assert not Passkey.objects.exists()


@pytest.mark.parametrize("junk", [None, True, 0, 1.5, "", "é\ud800", "AAAA", "x", [], [[]], {}, {"a": {}}], ids=repr)
def test_a_field_of_another_type_is_a_refusal_and_no_fault(
    device: SoftwareAuthenticator, holder: Holder, junk: Any
) -> None:
    adding(holder, made(device, holder))
    other = SoftwareAuthenticator(origin=device.origin)
    for sent in with_each_field(proof(device), junk):
        assert proving(sent) in ("malformed", "refused", "unknown")
    for sent in with_each_field(made(other, holder), junk):
        assert adding(holder, sent) in ("malformed", "refused")


def with_each_field(sent: str, junk: Any) -> list[str]:
    """The answer, each time with one field replaced."""
    answer = json.loads(sent)
    response = answer["response"]
    outer = [{**answer, name: junk} for name in answer]
    inner = [{**answer, "response": {**response, name: junk}} for name in response if name != "transports"]
    return [json.dumps(one) for one in outer + inner]
