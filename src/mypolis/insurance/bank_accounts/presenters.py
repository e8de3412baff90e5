"""Bank accounts as JSON documents."""

from typing import Any

from mypolis.insurance.bank_accounts.models import BankAccount


def bank_account_document(one: BankAccount) -> dict[str, Any]:
    """A bank account as its member sees it."""
    return {
        "id": str(one.pk),
        **one.as_shown,
        "bank": one.bank_name,
        "holder": one.holder,
        "is_default": one.is_default,
        "added_at": one.added_at,
    }
