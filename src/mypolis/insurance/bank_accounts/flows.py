"""Adds and removes bank accounts, and chooses the one for payments. Each locks the member's account first."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.markets.addresses import address_of_page
from mypolis.insurance.bank_accounts.access import accounts_for, find
from mypolis.insurance.bank_accounts.event_kinds import BankAccountEvent
from mypolis.insurance.bank_accounts.models import BankAccount
from mypolis.insurance.bank_accounts.numbers.account_number import AccountNumber
from mypolis.membership.accounts.messages import notify_everywhere
from mypolis.membership.accounts.models import Account

MOST = 10


class AlreadyAdded(Exception):
    """The member has this account already."""


class TooManyAccounts(Exception):
    """The member has `MOST` accounts."""


@transaction.atomic
def add(*, account: Account, number: AccountNumber, holder: str, by: Actor) -> BankAccount:
    """Add a bank account and pay to it from now on. Notifies every contact point of the member.

    Call it only after a second factor. Raises AlreadyAdded, TooManyAccounts.
    """
    _lock(account)
    require_new(account, number)
    account.bank_accounts.filter(is_default=True).update(is_default=False)
    added = BankAccount(
        account=account,
        market=account.market,
        kind=number.kind,
        bank=number.bank,
        number=number.number,
        holder=holder,
        is_default=True,
    )
    added.write_keys()
    added.save(force_insert=True)
    record(BankAccountEvent.BANK_ACCOUNT_ADDED, market=account.market, by=by, subject=added)
    url = address_of_page(account.market, "bank-accounts")
    notify_everywhere(account, "bank-account-added", by=by, context={"last": added.last_digits, "url": url})
    return added


def require_new(account: Account, number: AccountNumber) -> None:
    """Raise AlreadyAdded or TooManyAccounts if the member cannot add this account."""
    kept = account.bank_accounts.kept()
    if kept.with_identity(number.identity).exists():
        raise AlreadyAdded
    if kept.count() >= MOST:
        raise TooManyAccounts


@transaction.atomic
def pay_here(*, account: Account, key: UUID, by: Actor) -> BankAccount:
    """Pay the member's claims to this account from now on. Idempotent. Raises UnknownBankAccount."""
    _lock(account)
    chosen = find(account, key)
    if not chosen.is_default:
        account.bank_accounts.filter(is_default=True).update(is_default=False)
        _choose(chosen, by=by)
    return chosen


@transaction.atomic
def remove(*, account: Account, key: UUID, by: Actor) -> None:
    """Remove an account from the member's list. If it was the one for payments, the newest of the others is chosen.

    Claims that refer to it are still paid to it. Raises UnknownBankAccount.
    """
    _lock(account)
    removed = find(account, key)
    was_default, removed.is_default, removed.removed_at = removed.is_default, False, timezone.now()
    removed.save(update_fields=["is_default", "removed_at"])
    record(BankAccountEvent.BANK_ACCOUNT_REMOVED, market=account.market, by=by, subject=removed)
    others = accounts_for(account)
    if was_default and others:
        _choose(others[0], by=by)


def _choose(chosen: BankAccount, *, by: Actor) -> None:
    chosen.is_default = True
    chosen.save(update_fields=["is_default"])
    record(BankAccountEvent.BANK_ACCOUNT_CHOSEN, market=chosen.market, by=by, subject=chosen)


def _lock(account: Account) -> None:
    """Let the changes to one member's bank accounts happen one after the other."""
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
