"""Writes an account's password."""

from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.factors.passwords.password_rules import hash_password
from mypolis.membership.accounts.event_kinds import AccountEvent
from mypolis.membership.accounts.messages import notify
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.sessions.devices import sign_out_everywhere


@transaction.atomic
def change_password(*, account: Account, password_hash: str, by: Actor) -> None:
    """Set a new password. Ends every session, invalidates every temporary password, and notifies the member."""
    account.password_hash = password_hash
    account.save(update_fields=["password_hash"])
    account.temporary_passwords.filter(used_at=None).update(used_at=timezone.now())
    sign_out_everywhere(account=account)
    record(AccountEvent.ACCOUNT_PASSWORD_CHANGED, market=account.market, by=by, subject=account)
    notify(account, "password-changed", {}, by=by)


def rehash(*, account: Account, password: str) -> None:
    """Hash the same password again with the current parameters. Called at sign-in, when the password is available."""
    before, account.password_hash = account.password_hash, hash_password(password)
    Account.objects.filter(pk=account.pk, password_hash=before).update(password_hash=account.password_hash)
