"""Russian account numbers: 20 digits, and the bank's BIK with 9. Together they have a control digit.

The digits are weighted 7, 1, 3, 7, 1, 3 …; the sum ends in 0. Before the account come the BIK's last three digits; for
an account at the central bank itself, "0" and the BIK's fifth and sixth digit.
"""

from mypolis.insurance.bank_accounts.numbers.account_number import AccountNumber, NumberError, digits_of

BIK_LENGTH, LENGTH = 9, 20
_WEIGHTS = (7, 1, 3)
_CORRESPONDENT = "301"  # the bank's own account at the central bank, printed next to the member's
PEOPLE = ("40817", "40820", "423", "426")  # current accounts and deposits of residents and others
_ROUBLE = "810"


def read_russian(bik: str, account: str) -> AccountNumber:
    """Read the account of a person in roubles. Raises NumberError, first for what is wrong with the BIK."""
    bank = digits_of(bik, code="bank_format")
    if len(bank) != BIK_LENGTH:
        raise NumberError("bank_length")
    number = digits_of(account)
    if len(number) != LENGTH:
        raise NumberError("length")
    if number.startswith(_CORRESPONDENT):
        raise NumberError("correspondent")
    if not fits_bank(bank, number):
        raise NumberError("checksum")
    if not number.startswith(PEOPLE):
        raise NumberError("not_personal")
    if number[5:8] != _ROUBLE:
        raise NumberError("currency")
    grouped = f"{number[:5]} {number[5:8]} {number[8]} {number[9:13]} {number[13:]}"
    return AccountNumber(kind="ru", number=number, grouped=grouped, bank=bank)


def fits_bank(bik: str, account: str) -> bool:
    """Whether the control digit of a 20-digit account is right for a 9-digit BIK."""
    at_central_bank = bik[6:8] == "00" or account.startswith(_CORRESPONDENT)
    before = f"0{bik[4:6]}" if at_central_bank else bik[6:]
    weighted = (int(digit) * _WEIGHTS[place % 3] for place, digit in enumerate(before + account))
    return sum(weighted) % 10 == 0
