"""The bank accounts that a member may use. Other rooms find accounts through this module."""

from uuid import UUID

from mypolis.insurance.bank_accounts.models import BankAccount
from mypolis.membership.accounts.models import Account


class UnknownBankAccount(Exception):
    """There is no such account, it is not this member's, or the member has removed it. The caller cannot tell which."""


def accounts_for(account: Account) -> list[BankAccount]:
    """Return the member's bank accounts: the one for payments first, then the newest."""
    return list(account.bank_accounts.kept().order_by("-is_default", "-added_at", "pk"))


def default_account(account: Account) -> BankAccount | None:
    """Return the account to which claims are paid unless the member chooses another; None without any."""
    return account.bank_accounts.kept().filter(is_default=True).first()


def find(account: Account, key: UUID) -> BankAccount:
    """Return one of the member's accounts. Raises UnknownBankAccount."""
    found = account.bank_accounts.kept().filter(pk=key).first()
    if found is None:
        raise UnknownBankAccount
    return found
