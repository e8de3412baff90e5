"""Numbers of cards and letters, made to be read aloud."""

import secrets
from collections.abc import Callable
from typing import Protocol

from django.db import IntegrityError, transaction
from stdnum import luhn

_DIGITS = 12
_TRIES = 20


class Numbered(Protocol):
    """A row whose number the database keeps unique."""

    number: str

    def save(self, *, force_insert: bool) -> None:
        """Insert it. Raises IntegrityError."""


def insert_numbered(row: Numbered, draw: Callable[[], str]) -> None:
    """Insert a row under a number from `draw`; draws again if another row already has it.

    Each try has its own savepoint, so the caller's transaction stays usable. Raises IntegrityError after 20 tries.
    """
    for tries_left in reversed(range(_TRIES)):
        row.number = draw()
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            if not tries_left:
                raise
        else:
            return


def new_card_number() -> str:
    """Twelve random digits; the last is a check digit. Not secret, because the card shows it."""
    first = str(1 + secrets.randbelow(9))  # spreadsheets drop a leading zero
    digits = first + "".join(str(secrets.randbelow(10)) for _place in range(_DIGITS - 2))
    return digits + str(luhn.calc_check_digit(digits))


def in_groups(number: str, size: int = 4) -> str:
    """ "1234 5678 9012": grouped for reading aloud."""
    return " ".join(number[place : place + size] for place in range(0, len(number), size))


def new_letter_number(year: int) -> str:
    """The year and eight random digits, so that the number does not reveal how many letters exist."""
    return f"{year}-{secrets.randbelow(10**8):08}"
