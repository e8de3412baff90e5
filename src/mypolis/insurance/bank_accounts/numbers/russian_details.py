"""Finds the BIK and the account number in the details of an account, as a bank's app copies them.

People copy all details at once, and seldom type 29 digits. The text also has numbers that look alike: the bank's own
account (20 digits), and the KPP (9 digits, as a BIK).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mypolis.foundation.lib.text.folding import ascii_digits
from mypolis.insurance.bank_accounts.numbers.russia import BIK_LENGTH, LENGTH, PEOPLE, fits_bank

_GROUPS = re.compile(r"\d+(?:[ \u00a0.-]{1,3}\d+)*")
_BIK_LABEL = re.compile(r"\b(?:БИК|BIK|BIC)\W*$", re.IGNORECASE)
_BIK_START = "0"  # 01 and 04 are Russia


@dataclass(frozen=True)
class Details:
    """Account number and BIK, as found in a text; one that is not there is empty."""

    account: str
    bik: str


@dataclass(frozen=True)
class _Number:
    """Neighbouring groups of digits, and their place in the text."""

    digits: str
    start: int
    end: int


def find_details(text: str) -> Details:
    """Find both in a text of any length. The account of a person is preferred to other numbers of 20 digits.

    Of several BIKs, the one after the word "BIK" is preferred, then the one that fits the account.
    """
    plain = ascii_digits(text)
    accounts = sorted(_numbers(plain, LENGTH), key=lambda one: not one.digits.startswith(PEOPLE))
    if not accounts:
        return Details("", _best_bik(plain, list(_numbers(plain, BIK_LENGTH)), ""))
    account = accounts[0]
    biks = [
        one
        for one in _numbers(plain, BIK_LENGTH)
        if not any(one.start < other.end and other.start < one.end for other in accounts)
    ]
    return Details(account.digits, _best_bik(plain, biks, account.digits))


def _numbers(text: str, length: int) -> Iterator[_Number]:
    """Every number of this length, also in groups; groups on other lines or after words belong to other numbers."""
    for run in _GROUPS.finditer(text):
        groups = [(found.start() + run.start(), found[0]) for found in re.finditer(r"\d+", run[0])]
        for first in range(len(groups)):
            digits = ""
            for start, group in groups[first:]:
                digits += group
                if len(digits) == length:
                    yield _Number(digits, groups[first][0], start + len(group))
                if len(digits) >= length:
                    break


def _best_bik(text: str, found: list[_Number], account: str) -> str:
    biks = [one for one in found if one.digits.startswith(_BIK_START)]
    named = [one for one in biks if _BIK_LABEL.search(text[: one.start])]
    fitting = [one for one in biks if account and fits_bank(one.digits, account)]
    return next((one.digits for one in [*named, *fitting, *biks]), "")
