"""Finds out whose passkey an answer was made with, and whether it proves that person now.

The library checks the signature, the origin and the challenge's text. What it leaves to us: that the challenge is ours
and used once, that the handle in the answer is the passkey's holder, and what a count that does not grow means.
"""

import hmac
from typing import Any

from django.db import transaction
from django.utils import timezone
from webauthn import verify_authentication_response
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers.structs import CredentialDeviceType

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.factors.event_kinds import FactorEvent
from mypolis.foundation.factors.models import Passkey
from mypolis.foundation.factors.passkeys.answers import UNREADABLE, PasskeyRefused, challenge_in, decoded, read_answer
from mypolis.foundation.factors.passkeys.challenges import is_ours, use_up
from mypolis.foundation.factors.passkeys.options import proving_purpose
from mypolis.foundation.factors.passkeys.relying_party import relying_party


def prove(*, sent: str, door: str, by: Actor) -> Passkey:
    """The passkey with which an answer was made, with its holder, who is thereby proven at this door.

    Raises PasskeyRefused: "other-door" only after the answer was verified, so that a stranger learns nothing. The
    caller must not roll this back: a suspect passkey stays suspect.
    """
    answer = read_answer(sent)
    challenge = challenge_in(answer)
    if not is_ours(challenge, proving_purpose(door)):
        raise PasskeyRefused("refused")
    passkey = Passkey.objects.select_related("holder").filter(credential_id=decoded(answer.get("id"))).first()
    if passkey is None:
        raise PasskeyRefused("unknown")
    verified = _verified(answer, challenge, passkey, door)
    if not _is_handle(answer, passkey) or not use_up(challenge):
        raise PasskeyRefused("refused")
    if passkey.removed_at is not None:
        raise PasskeyRefused("removed")
    if passkey.holder.door != door:
        raise PasskeyRefused("other-door")
    _take(passkey, verified, by=by)
    return passkey


def _verified(answer: dict[str, Any], challenge: bytes, passkey: Passkey, door: str) -> VerifiedAuthentication:
    party = relying_party(door)
    try:
        return verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=[party.origin],
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=0,  # counts are judged in `_take`, which marks a copied key
            require_user_verification=True,
        )
    except UNREADABLE:
        raise PasskeyRefused("refused") from None


def _is_handle(answer: dict[str, Any], passkey: Passkey) -> bool:
    return hmac.compare_digest(decoded(answer["response"].get("userHandle")), bytes(passkey.holder.handle))


def _take(passkey: Passkey, verified: VerifiedAuthentication, *, by: Actor) -> None:
    """Store the new count, with one conditional statement. Raises PasskeyRefused for a count that did not grow."""
    is_eligible = verified.credential_device_type == CredentialDeviceType.MULTI_DEVICE
    counts_never = passkey.sign_count == 0 and verified.new_sign_count == 0
    is_grown = counts_never or verified.new_sign_count > passkey.sign_count
    if passkey.suspect_since is not None or not is_grown or is_eligible != passkey.backup_eligible:
        _suspect(passkey, by=by)
        raise PasskeyRefused("suspect")
    updated = Passkey.objects.filter(
        pk=passkey.pk, sign_count=passkey.sign_count, removed_at=None, suspect_since=None
    ).update(
        sign_count=verified.new_sign_count,
        backed_up=verified.credential_backed_up,
        last_used_at=timezone.now(),
        last_client=by.client,
    )
    if not updated:  # another answer of this passkey came first
        raise PasskeyRefused("refused")


@transaction.atomic
def _suspect(passkey: Passkey, *, by: Actor) -> None:
    if Passkey.objects.filter(pk=passkey.pk, suspect_since=None).update(suspect_since=timezone.now()):
        record(FactorEvent.PASSKEY_SUSPECTED, market=passkey.holder.market, by=by, subject=passkey)
