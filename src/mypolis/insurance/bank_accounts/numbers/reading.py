"""Reads the account number that a member typed, of any kind that the market pays to."""

from collections.abc import Collection

from mypolis.foundation.markets.claim_rules import AccountKind
from mypolis.insurance.bank_accounts.numbers.account_number import AccountNumber, NumberError
from mypolis.insurance.bank_accounts.numbers.iban import looks_like_iban, read_iban
from mypolis.insurance.bank_accounts.numbers.indonesia import read_indonesian
from mypolis.insurance.bank_accounts.numbers.russia import read_russian
from mypolis.insurance.bank_accounts.numbers.serbia import read_serbian

NAMED_APART: tuple[AccountKind, ...] = ("ru", "id")  # kinds whose bank is typed or chosen apart from the number


def read_number(kinds: Collection[AccountKind], number: str, *, bank: str = "") -> AccountNumber:
    """Read an account number of one of these kinds. Raises NumberError.

    A number that begins with a letter is an IBAN. Where Serbian accounts are accepted, a Serbian IBAN is the account
    that it contains, so that the same account typed in both ways is one.
    """
    by_iban = {"iban", "rs"} & set(kinds)
    if by_iban and (looks_like_iban(number) or set(kinds) == {"iban"}):
        found = read_iban(number)
        if "rs" in kinds and found.number.startswith("RS"):
            return read_serbian(found.number[4:])
        if "iban" not in kinds:
            raise NumberError("unknown_country")
        return found
    if "rs" in kinds:
        return read_serbian(number)
    if "ru" in kinds:
        return read_russian(bank, number)
    return read_indonesian(bank, number)


def may_be_read_without_bank(kinds: Collection[AccountKind], number: str) -> bool:
    """Whether this number contains its bank, so that no bank needs to be chosen or typed."""
    return not set(kinds) & set(NAMED_APART) or ("iban" in kinds and looks_like_iban(number))
