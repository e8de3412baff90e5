"""IBANs of every country that has them (ISO 13616)."""

import re

from stdnum import iban
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidLength, ValidationError

from mypolis.insurance.bank_accounts.numbers.account_number import AccountNumber, NumberError, fold_number, in_groups
from mypolis.insurance.bank_accounts.numbers.serbia import read_serbian

_SHAPE = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}", re.ASCII)
_SERBIAN = "RS35"


def looks_like_iban(text: str) -> bool:
    """Whether the text begins with a letter, as an IBAN does and no national account number."""
    return fold_number(text)[:1].isalpha()


def read_iban(text: str) -> AccountNumber:
    """Read an IBAN, with or without spaces. Raises NumberError.

    A Serbian IBAN must also contain a valid Serbian account: the IBAN's checksum alone accepts wrong ones with RS08.
    """
    number = fold_number(text).removeprefix("IBAN")
    if not _SHAPE.fullmatch(number):
        raise NumberError("no_iban")
    try:
        iban.validate(number)
    except InvalidComponent:
        raise NumberError("unknown_country") from None
    except InvalidLength:
        raise NumberError("length") from None
    except InvalidChecksum:
        raise NumberError("checksum") from None
    except ValidationError:  # InvalidFormat: letters where the country has digits, or the wrong length
        raise NumberError("length") from None
    if number.startswith("RS") and not (number.startswith(_SERBIAN) and read_serbian(number[4:])):
        raise NumberError("checksum")
    return AccountNumber(kind="iban", number=number, grouped=in_groups(number))
