"""A checked account number, and why one is refused."""

from dataclasses import dataclass
from typing import Literal

from mypolis.foundation.lib.text.folding import fold_reference
from mypolis.foundation.markets.claim_rules import AccountKind

type NumberCode = Literal[
    "format",
    "length",
    "checksum",
    "unknown_country",
    "no_iban",
    "bank_format",
    "bank_length",
    "correspondent",
    "not_personal",
    "currency",
]
type Doubt = Literal["unusual_length", "looks_like_phone"]


class NumberError(ValueError):
    """The number is refused; `code` says why. The message never contains the number.

    Codes that begin with `bank_` are about the bank's code, all others about the account.
    """

    def __init__(self, code: NumberCode) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class AccountNumber:
    """An account number in the form in which it is stored and compared.

    `bank` is the bank's code where the country writes it apart or at the front: three digits in Serbia and Indonesia,
    the BIK in Russia; empty for an IBAN. `number` has no separators. `grouped` is for reading it back. `doubts` are no
    errors: the number may be right, but the member should check it.
    """

    kind: AccountKind
    number: str
    grouped: str
    bank: str = ""
    doubts: tuple[Doubt, ...] = ()

    @property
    def identity(self) -> str:
        """The same text for the same account, for comparing."""
        return identity_of(self.kind, self.bank, self.number)


def identity_of(kind: str, bank: str, number: str) -> str:
    """The same text for the same account, for comparing."""
    return f"{kind}:{bank}:{number}"


def fold_number(text: str) -> str:
    """Return the number without spaces, dashes, dots and slashes, in upper case, with ASCII digits.

    Cyrillic letters that look Latin become Latin: an IBAN is often typed on a Cyrillic keyboard.
    """
    return fold_reference(text)


def digits_of(text: str, *, code: NumberCode = "format") -> str:
    """Return the folded text if it has only digits. Raises NumberError with `code`."""
    number = fold_number(text)
    if not (number.isascii() and number.isdigit()):
        raise NumberError(code)
    return number


def in_groups(number: str, size: int = 4) -> str:
    """Return the number in groups, separated by spaces: "1234 5678 90"."""
    return " ".join(number[place : place + size] for place in range(0, len(number), size))
