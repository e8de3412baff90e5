"""Adds, renames and removes passkeys. The caller has just proven who the holder is, and tells them afterwards."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from webauthn import verify_registration_response
from webauthn.helpers import decode_credential_public_key, decoded_public_key_to_cryptography
from webauthn.helpers.structs import CredentialDeviceType
from webauthn.registration.verify_registration_response import VerifiedRegistration

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.factors.event_kinds import FactorEvent
from mypolis.foundation.factors.models import Holder, Passkey
from mypolis.foundation.factors.passkeys.answers import UNREADABLE, PasskeyRefused, challenge_in, read_answer
from mypolis.foundation.factors.passkeys.challenges import is_ours, use_up
from mypolis.foundation.factors.passkeys.options import adding_purpose
from mypolis.foundation.factors.passkeys.relying_party import relying_party

_LONGEST_ID = 1023  # bytes (WebAuthn level 3, section 7.1); the index cannot hold a much longer one
_TRANSPORTS = frozenset({"usb", "nfc", "ble", "smart-card", "internal", "cable", "hybrid"})


@transaction.atomic
def add(*, holder: Holder, sent: str, name: str, by: Actor) -> Passkey:
    """Add the passkey that a browser made from `options_for_adding`. Raises PasskeyRefused."""
    answer = read_answer(sent)
    challenge = challenge_in(answer)
    if not is_ours(challenge, adding_purpose(holder)):
        raise PasskeyRefused("refused")
    verified = _verified(answer, challenge, holder)
    if len(verified.credential_id) > _LONGEST_ID or not use_up(challenge):
        raise PasskeyRefused("refused")
    try:
        with transaction.atomic():
            passkey = Passkey.objects.create(
                holder=holder,
                credential_id=verified.credential_id,
                public_key=verified.credential_public_key,
                sign_count=verified.sign_count,
                aaguid=verified.aaguid,
                transports=_transports(answer),
                backup_eligible=verified.credential_device_type == CredentialDeviceType.MULTI_DEVICE,
                backed_up=verified.credential_backed_up,
                name=name,
            )
    except IntegrityError:  # somebody's passkey, perhaps this holder's
        raise PasskeyRefused("refused") from None
    record(FactorEvent.PASSKEY_ADDED, market=holder.market, by=by, subject=passkey)
    return passkey


@transaction.atomic
def rename(*, passkey: Passkey, name: str, by: Actor) -> None:
    """Give a passkey another name."""
    passkey.name = name
    passkey.save(update_fields=["name"])
    record(FactorEvent.PASSKEY_RENAMED, market=passkey.holder.market, by=by, subject=passkey)


@transaction.atomic
def remove(*, passkey: Passkey, by: Actor) -> None:
    """Remove a passkey: from now on it proves nothing."""
    passkey.removed_at = timezone.now()
    passkey.save(update_fields=["removed_at"])
    record(FactorEvent.PASSKEY_REMOVED, market=passkey.holder.market, by=by, subject=passkey)


def _verified(answer: dict[str, Any], challenge: bytes, holder: Holder) -> VerifiedRegistration:
    party = relying_party(holder.door)
    try:
        verified = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=[party.origin],
            require_user_verification=True,
        )
        decoded_public_key_to_cryptography(decode_credential_public_key(verified.credential_public_key))
    except UNREADABLE:  # also a public key that is none, which could never be used
        raise PasskeyRefused("refused") from None
    return verified


def _transports(answer: dict[str, Any]) -> list[str]:
    told = answer["response"].get("transports")
    return sorted(_TRANSPORTS & {one for one in told if isinstance(one, str)}) if isinstance(told, list) else []
