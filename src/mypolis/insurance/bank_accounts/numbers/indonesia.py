"""Indonesian account numbers: a bank's code of three digits, and a number without any control digit.

Sources disagree about how long the numbers of a bank are, so an unusual length is only a doubt. Numbers may begin with
zeros.
"""

import re

from mypolis.insurance.bank_accounts.numbers.account_number import (
    AccountNumber,
    Doubt,
    NumberError,
    digits_of,
    in_groups,
)

_SHORTEST, _LONGEST = 6, 20
_USUAL = {
    "002": (13, 17),  # BRI
    "008": (12, 17),  # Mandiri
    "009": (7, 11),  # BNI
    "011": (10, 10),  # Danamon
    "013": (7, 16),  # Permata
    "014": (10, 10),  # BCA
    "022": (10, 14),  # CIMB Niaga
    "451": (10, 10),  # BSI
}
_MOBILE = re.compile(r"(0|62)8\d{8,11}", re.ASCII)  # electronic wallets are numbered by mobile phone


def read_indonesian(bank: str, text: str) -> AccountNumber:
    """Read an account number. Raises NumberError."""
    code = digits_of(bank, code="bank_format")
    if len(code) != 3:
        raise NumberError("bank_length")
    number = digits_of(text)
    if not _SHORTEST <= len(number) <= _LONGEST:
        raise NumberError("length")
    doubts: list[Doubt] = []
    shortest, longest = _USUAL.get(code, (_SHORTEST, _LONGEST))
    if not shortest <= len(number) <= longest:
        doubts.append("unusual_length")
    if _MOBILE.fullmatch(number):
        doubts.append("looks_like_phone")
    return AccountNumber(kind="id", number=number, grouped=in_groups(number), bank=code, doubts=tuple(doubts))
