"""Serbian account numbers: bank (3 digits), account (13, filled with zeros), control number (2).

The control number is 98 minus the remainder of the first 16 digits and "00" by 97, so the whole has the remainder 1.
That is the IBAN's own rule, so every right Serbian IBAN begins with RS35.
"""

from mypolis.insurance.bank_accounts.numbers.account_number import AccountNumber, NumberError, digits_of

_BANK, _ACCOUNT, _CONTROL = 3, 13, 2
_LENGTH = _BANK + _ACCOUNT + _CONTROL


def read_serbian(text: str) -> AccountNumber:
    """Read `160-123456789-56`, the same without dashes, or all 18 digits. Raises NumberError."""
    digits = digits_of(text)
    if not _BANK + _CONTROL < len(digits) <= _LENGTH:
        raise NumberError("length")
    bank, account, control = digits[:_BANK], digits[_BANK:-_CONTROL].zfill(_ACCOUNT), digits[-_CONTROL:]
    number = f"{bank}{account}{control}"
    if int(control) != 98 - int(f"{bank}{account}00") % 97:  # only one of two numbers with the remainder 1 is issued
        raise NumberError("checksum")
    return AccountNumber(kind="rs", number=number, grouped=f"{bank}-{account}-{control}", bank=bank)
