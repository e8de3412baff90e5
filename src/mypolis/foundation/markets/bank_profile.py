"""What the insurer's bank takes in a payment file: characters, lengths, and the format."""

import string
from dataclasses import dataclass
from typing import Final

from mypolis.foundation.lib.text.folding import Script

BASIC: Final = frozenset(string.ascii_letters + string.digits + " /-?:().,'+")
"""The characters that banks of all countries exchange (SWIFT's set X, without line breaks)."""


@dataclass(frozen=True, kw_only=True)
class Payer:
    """The insurer's own account, for formats that name it. `bic` is its bank's; empty if the format needs none.

    An IBAN is recognised by its first two letters; any other number is written as it is.
    """

    name: str
    number: str
    bic: str = ""


@dataclass(frozen=True, kw_only=True)
class BankProfile:
    """A bank's rules for payment files.

    `writer` is the dotted name of the function that writes a file (`payments.bank_file.Writer`), `ending` the ending of
    the file's name. A name holds only `characters`, and at most `longest_name` of them. Other names are refused,
    because a name that we changed could be somebody else's. Only if the profile declares a script in `transliterates`,
    its Cyrillic letters are written in Latin ones, as in passports. Some writers need a `payer`.
    """

    writer: str = "mypolis.insurance.claims.payments.writers.plain_csv.write"
    ending: str = "csv"
    characters: frozenset[str] = BASIC
    longest_name: int = 70
    transliterates: Script | None = None
    payer: Payer | None = None
