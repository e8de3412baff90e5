"""Schemas of bank accounts in the API."""

from datetime import datetime
from typing import Literal

from ninja import Schema


class BankAccountDoc(Schema):
    """A bank account of the member. The number is masked; `bank` is a name, or the bank's code, or empty for an IBAN.

    Claims are paid to the account that `is_default`, unless the member chooses another one.
    """

    id: str
    kind: Literal["iban", "rs", "ru", "id"]
    shown: str
    bank: str
    holder: str
    is_default: bool
    added_at: datetime


class BankAccountsDoc(Schema):
    """The member's bank accounts: the one for payments first, then the newest."""

    accounts: list[BankAccountDoc]
