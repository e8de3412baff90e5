"""Temporary passwords: sent by e-mail and valid for a short time. The old password keeps working."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.lib.crypto.tokens import new_written_token
from mypolis.foundation.markets import market as profile_of
from mypolis.membership.accounts.event_kinds import AccountEvent
from mypolis.membership.accounts.messages import mail_quietly, may_recover
from mypolis.membership.accounts.models import Account, TemporaryPassword, key_of


@transaction.atomic
def send_temporary_password(
    *, account: Account | None, market: str, language: str, by: Actor, device: int | None = None
) -> None:
    """Mail a temporary password to the account's address. The old password keeps working.

    Invalidates only earlier ones that were requested from the same known `device`, or all from unknown devices when
    `device` is None: a stranger cannot end those of a known device. Without an account, or once the day's mails are
    used up, we write the same rows for nobody, so that timing reveals nothing.
    """
    if not may_recover(account, "temporary-password", device=device, market=market, by=by):
        account = None
    life = profile_of(market).temporary_password_life
    secret, now = new_temporary_password(), timezone.now()
    digest = keyring.current().digest(secret, purpose="temporary-password")
    earlier = TemporaryPassword.objects.filter(account_id=key_of(account), asked_on=device, used_at=None)
    earlier.update(used_at=now)
    TemporaryPassword.objects.create(account=account, asked_on=device, digest=digest, expires_at=now + life)
    record(AccountEvent.ACCOUNT_TEMPORARY_PASSWORD_SENT, market=market, by=by, subject=account)
    context: dict[str, str | int] = {"password": secret, "minutes": round(life.total_seconds() / 60)}
    mail_quietly(account, "temporary-password", context, market=market, language=language, by=by)


def find_temporary(account: Account | None, typed: str, now: datetime) -> TemporaryPassword | None:
    """The unused temporary password that was typed, or None. Runs the same queries when there is no account."""
    digests = keyring.current().digests(typed.strip(), purpose="temporary-password")
    valid = TemporaryPassword.objects.filter(used_at=None, expires_at__gt=now)
    return valid.filter(account_id=key_of(account), digest__in=digests).first()


def new_temporary_password() -> str:
    """Four groups of four characters without look-alikes: 79 bits."""
    return new_written_token()
