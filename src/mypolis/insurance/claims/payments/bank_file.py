"""A payment file, and what a bank's profile does not take in it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, cast

from django.utils.module_loading import import_string

from mypolis.foundation.lib.money import Money
from mypolis.foundation.lib.text.transliteration import to_latin
from mypolis.foundation.markets.bank_profile import BankProfile, Payer

type Writer = Callable[["PaymentFile"], bytes]
"""Writes a file. The same payments give the same bytes: no time, no random numbers, the order of the payments."""

type UnwritableCode = Literal["no_name", "first_character", "character", "too_long"]


@dataclass(frozen=True, kw_only=True)
class BankPayment:
    """One payment as the bank reads it. `name` is the account's holder, `text` what the holder reads.

    `kind`, `bank` and `number` are those of the bank account. `reference` is unique for ever (`EndToEndId`).
    """

    reference: str
    money: Money
    name: str
    kind: str
    bank: str
    number: str
    text: str


@dataclass(frozen=True, kw_only=True)
class PaymentFile:
    """A file of payments. `run` is unique for ever (`MsgId`), `day` the market's day on which the run was made.

    `payer` is the insurer's account, if the bank profile names it.
    """

    run: str
    day: date
    payments: tuple[BankPayment, ...]
    payer: Payer | None = None


class Unwritable(ValueError):
    """The bank does not take the holder's name. `code` says why; `character` is the first wrong one, as "U+011B".

    The message holds no name.
    """

    def __init__(self, code: UnwritableCode, character: str = "") -> None:
        super().__init__(f"{code} {character}".strip())
        self.code, self.character = code, character


def written_for(bank: BankProfile, payment: BankPayment) -> BankPayment:
    """The payment with the holder's name as the bank takes it. Raises Unwritable.

    A name changes only if the profile transliterates. It begins with a letter or a digit: cells that begin with other
    characters are formulas in a spreadsheet.
    """
    name = payment.name if bank.transliterates is None else to_latin(payment.name, script=bank.transliterates)
    if not name:
        raise Unwritable("no_name")
    wrong = next((one for one in name if one not in bank.characters), None)
    if wrong is not None:
        raise Unwritable("character", f"U+{ord(wrong):04X}")
    if not name[0].isalnum():
        raise Unwritable("first_character", f"U+{ord(name[0]):04X}")
    if len(name) > bank.longest_name:
        raise Unwritable("too_long")
    return replace(payment, name=name)


def render(bank: BankProfile, file: PaymentFile) -> bytes:
    """The bytes of a file in the bank's format.

    Raises ImportError if there is no such writer, and ValueError if it needs something that the profile does not have.
    """
    writer = cast("Writer", import_string(bank.writer))
    return writer(replace(file, payer=bank.payer))
