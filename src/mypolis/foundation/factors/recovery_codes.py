"""Recovery codes: ten on paper, each good once (NIST SP 800-63B-4 asks for 64 bits; these have 120)."""

import secrets

from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.factors.event_kinds import FactorEvent
from mypolis.foundation.factors.models import Holder, RecoveryCode
from mypolis.foundation.lib.crypto.tokens import hash_token

CODES = 10
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
_LENGTH, _GROUP = 24, 4
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


@transaction.atomic
def new_set(*, holder: Holder, by: Actor) -> tuple[str, ...]:
    """Make ten codes and return them, only this once. Codes from before are void."""
    Holder.objects.select_for_update().get(pk=holder.pk)  # two sets at once would both be good
    RecoveryCode.objects.filter(holder=holder).delete()
    codes = tuple(_new_code() for _place in range(CODES))
    now = timezone.now()
    RecoveryCode.objects.bulk_create(RecoveryCode(holder=holder, digest=_digest(code), made_at=now) for code in codes)
    record(FactorEvent.RECOVERY_CODES_MADE, market=holder.market, by=by, subject=holder)
    return codes


@transaction.atomic
def void(*, holder: Holder, by: Actor) -> bool:
    """Delete all codes without making new ones. Returns whether there were any."""
    found, _models = RecoveryCode.objects.filter(holder=holder).delete()
    if found:
        record(FactorEvent.RECOVERY_CODES_VOIDED, market=holder.market, by=by, subject=holder)
    return bool(found)


@transaction.atomic
def use(*, holder: Holder, typed: str, by: Actor) -> bool:
    """Use up a code of this holder. Returns whether it was one. One statement, whatever was typed."""
    unused = RecoveryCode.objects.filter(holder=holder, digest=_digest(typed), used_at=None)
    is_right = unused.update(used_at=timezone.now()) == 1
    if is_right:
        record(FactorEvent.RECOVERY_CODE_USED, market=holder.market, by=by, subject=holder)
    return is_right


def left(holder: Holder) -> int:
    """How many codes are unused."""
    return RecoveryCode.objects.filter(holder=holder, used_at=None).count()


def _new_code() -> str:
    characters = "".join(secrets.choice(_ALPHABET) for _place in range(_LENGTH))
    return "-".join(characters[place : place + _GROUP] for place in range(0, _LENGTH, _GROUP))


def _digest(typed: str) -> bytes:
    """The hash of a code in its one form: capitals, without separators, and with the letters that look like digits."""
    kept = "".join(character for character in typed.upper().translate(_MISREAD) if character.isalnum())
    return hash_token(kept)
