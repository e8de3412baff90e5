"""Passkeys are added, and prove who signs in. What the library does not check is checked by us."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.factors.holders import new_holder
from mypolis.foundation.factors.models import Holder, Passkey
from mypolis.foundation.factors.passkeys import adding
from mypolis.foundation.factors.passkeys.answers import PasskeyRefused
from mypolis.foundation.factors.passkeys.options import options_for_adding, options_for_signing_in
from mypolis.foundation.factors.passkeys.proving import prove
from tests.factors.software_authenticator import ELIGIBLE, PRESENT, VERIFIED, SoftwareAuthenticator, encoded

pytestmark = pytest.mark.django_db

DESK = "desk"


@pytest.fixture
def device() -> SoftwareAuthenticator:
    """A device whose browser shows our address."""
    return SoftwareAuthenticator(origin=str(settings.MYPOLIS.public_url))


@pytest.fixture
def holder() -> Holder:
    """Somebody at the desk."""
    return new_holder(door=DESK)


def options(holder: Holder) -> str:
    """What the page tells the browser."""
    return options_for_adding(holder, user_name="vesna@insurer.example", display_name="Vesna")


def added(device: SoftwareAuthenticator, holder: Holder) -> Passkey:
    """The device's passkey, on record."""
    return adding.add(holder=holder, sent=device.create(options(holder)), name="laptop", by=SYSTEM)


def proven(device: SoftwareAuthenticator, *, door: str = DESK, **instead: Any) -> Passkey:
    """Sign in with the device."""
    return prove(sent=device.get(options_for_signing_in(door), **instead), door=door, by=SYSTEM)


def refusal(device: SoftwareAuthenticator, *, door: str = DESK, **instead: Any) -> str:
    """The code with which a sign-in is refused."""
    with pytest.raises(PasskeyRefused) as refused:
        proven(device, door=door, **instead)
    return refused.value.code


def test_a_passkey_is_added_and_proves_its_holder(device: SoftwareAuthenticator, holder: Holder) -> None:
    passkey = added(device, holder)
    assert (passkey.name, passkey.backup_eligible, passkey.transports) == ("laptop", True, ["internal"])
    assert proven(device).holder == holder
    assert Passkey.objects.get().last_used_at is not None


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("origin", "https://evil.example"),
        ("origin", "http://localhost:8001"),
        ("rp_id", "evil.example"),
        ("flags", PRESENT | ELIGIBLE),  # nobody showed a PIN or a finger: one factor only
    ],
)
def test_a_phished_or_weak_answer_is_refused(
    device: SoftwareAuthenticator, holder: Holder, attribute: str, value: Any
) -> None:
    added(device, holder)
    setattr(device, attribute, value)
    assert refusal(device) == "refused"
    other = SoftwareAuthenticator(origin=str(settings.MYPOLIS.public_url))
    setattr(other, attribute, value)
    with pytest.raises(PasskeyRefused, match="refused"):
        added(other, holder)


def test_a_page_in_a_foreign_frame_is_refused(device: SoftwareAuthenticator, holder: Holder) -> None:
    added(device, holder)
    device.cross_origin = True
    assert refusal(device) == "malformed"


def test_an_answer_is_good_once_and_for_five_minutes(device: SoftwareAuthenticator, holder: Holder) -> None:
    added(device, holder)
    asked = options_for_signing_in(DESK)
    answer = device.get(asked)
    assert prove(sent=answer, door=DESK, by=SYSTEM).holder == holder
    with pytest.raises(PasskeyRefused, match="refused"):
        prove(sent=answer, door=DESK, by=SYSTEM)
    late = options_for_signing_in(DESK)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)), pytest.raises(PasskeyRefused, match="refused"):
        prove(sent=device.get(late), door=DESK, by=SYSTEM)


def test_a_challenge_of_another_page_is_refused(device: SoftwareAuthenticator, holder: Holder) -> None:
    added(device, holder)
    with pytest.raises(PasskeyRefused, match="refused"):
        prove(sent=device.get(options_for_signing_in("rs")), door=DESK, by=SYSTEM)
    other = SoftwareAuthenticator(origin=str(settings.MYPOLIS.public_url))
    with pytest.raises(PasskeyRefused, match="refused"):
        adding.add(holder=holder, sent=other.create(options(new_holder(door=DESK))), name="x", by=SYSTEM)


def test_a_foreign_or_absent_handle_is_refused(device: SoftwareAuthenticator, holder: Holder) -> None:
    added(device, holder)
    assert refusal(device, userHandle=encoded(bytes(new_holder(door=DESK).handle))) == "refused"
    assert refusal(device, userHandle=None) == "malformed"
    assert refusal(device, userHandle="ж") in ("malformed", "refused")


def test_a_count_that_does_not_grow_blocks_the_passkey(device: SoftwareAuthenticator, holder: Holder) -> None:
    device.count = 7
    added(device, holder)
    assert proven(device).holder == holder
    device.count = 1
    assert refusal(device) == "suspect"
    device.count = 100
    assert refusal(device) == "suspect", "it stays blocked"
    assert Passkey.objects.get().suspect_since is not None


def test_a_device_that_never_counts_is_good(device: SoftwareAuthenticator, holder: Holder) -> None:
    added(device, holder)
    assert proven(device).holder == proven(device).holder == holder


def test_a_key_that_may_suddenly_be_copied_is_blocked(device: SoftwareAuthenticator, holder: Holder) -> None:
    device.flags = PRESENT | VERIFIED
    added(device, holder)
    device.flags = PRESENT | VERIFIED | ELIGIBLE
    assert refusal(device) == "suspect"


def test_a_removed_an_unknown_and_a_foreign_passkey_are_told_apart(
    device: SoftwareAuthenticator, holder: Holder
) -> None:
    assert refusal(device) == "unknown"
    member = SoftwareAuthenticator(origin=str(settings.MYPOLIS.public_url))
    added(member, new_holder(door="rs"))
    assert refusal(member) == "other-door"
    adding.remove(passkey=added(device, holder), by=SYSTEM)
    assert refusal(device) == "removed"


def test_one_key_belongs_to_one_holder(device: SoftwareAuthenticator, holder: Holder) -> None:
    added(device, holder)
    with pytest.raises(PasskeyRefused, match="refused"):
        added(device, new_holder(door=DESK))


@pytest.mark.parametrize("sent", ["null", "[]", "7", '"x"', "{}", "{", "[" * 9_000, "x" * 20_000, '{"response": 7}'])
def test_a_malformed_answer_is_refused(holder: Holder, sent: str) -> None:
    with pytest.raises(PasskeyRefused, match="malformed"):
        prove(sent=sent, door=DESK, by=SYSTEM)
    with pytest.raises(PasskeyRefused, match="malformed"):
        adding.add(holder=holder, sent=sent, name="x", by=SYSTEM)


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature", "userHandle"])
@pytest.mark.parametrize("value", [None, 7, "", "AAAA", "ж", {}])
def test_no_part_of_an_answer_is_an_error_of_ours(
    device: SoftwareAuthenticator, holder: Holder, part: str, value: Any
) -> None:
    added(device, holder)
    assert refusal(device, **{part: value}) in ("malformed", "refused")


@pytest.mark.parametrize("value", [None, 7, "", "AAAA", "oA", "o2NmbXRmcGFja2Vk"])
def test_no_attestation_is_an_error_of_ours(device: SoftwareAuthenticator, holder: Holder, value: Any) -> None:
    sent = json.loads(device.create(options(holder)))
    sent["response"]["attestationObject"] = value
    with pytest.raises(PasskeyRefused):
        adding.add(holder=holder, sent=json.dumps(sent), name="x", by=SYSTEM)
