"""Locking and unlocking a member's account; the commands and the desk use it.

Rooms in which days run against a member give them back: `extends = {"accounts.unlocked": ("module.give_back",)}`, a
function that is called as `give_back(account=…, locked_at=…, by=…)` in the transaction that unlocks.
"""

from typing import Final, Literal

from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.rooms import extensions
from mypolis.membership.accounts.event_kinds import AccountEvent
from mypolis.membership.accounts.messages import notify_everywhere
from mypolis.membership.accounts.models import Account
from mypolis.membership.operators.flows import end_sessions

type LockReason = Literal["lost", "suspicion", "asked"]
LOCK_REASONS: Final[tuple[LockReason, ...]] = ("lost", "suspicion", "asked")


class AlreadyLocked(Exception):
    """The account is locked already."""


class NotLocked(Exception):
    """The account is not locked."""


@transaction.atomic
def lock_account(*, account: Account, reason: LockReason, by: Actor) -> int:
    """Lock an account, and tell the member everywhere. Returns how many sessions ended. Raises AlreadyLocked.

    Sessions end, devices and the app are forgotten, temporary passwords are void. The cover is not touched.
    """
    locked = _locked_row(account)
    if locked.locked_at is not None:
        raise AlreadyLocked
    now = timezone.now()
    locked.locked_at, locked.locked_for = now, reason
    locked.save(update_fields=["locked_at", "locked_for"])
    locked.temporary_passwords.filter(used_at=None).update(used_at=now)
    ended = end_sessions(account=locked, by=by)
    record(AccountEvent.ACCOUNT_LOCKED, market=locked.market, by=by, subject=locked, reason=reason)
    notify_everywhere(locked, "account-locked", by=by)
    return ended


@transaction.atomic
def unlock_account(*, account: Account, by: Actor) -> None:
    """Let the member sign in again, and tell them everywhere. Raises NotLocked. The caller checked who asks."""
    locked = _locked_row(account)
    if (locked_at := locked.locked_at) is None:
        raise NotLocked
    locked.locked_at, locked.locked_for = None, ""
    locked.save(update_fields=["locked_at", "locked_for"])
    record(AccountEvent.ACCOUNT_UNLOCKED, market=locked.market, by=by, subject=locked)
    for give_back in extensions("accounts.unlocked"):
        give_back(account=locked, locked_at=locked_at, by=by)
    notify_everywhere(locked, "account-unlocked", by=by)


def _locked_row(account: Account) -> Account:
    return Account.objects.select_for_update(of=("self",)).select_related("person").get(pk=account.pk)
