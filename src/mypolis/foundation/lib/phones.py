"""Phone numbers as people and lists write them, to E.164 and back.

`region` is an ISO 3166 code such as "RS".
"""

import unicodedata
from typing import Literal

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from mypolis.foundation.lib.text.folding import ascii_digits
from mypolis.foundation.lib.text.masking import DOT

PhoneCode = Literal["not_a_number", "not_mobile", "wrong_country", "has_extension"]

_LONGEST = 40
_LONGEST_TYPED = 400  # with marks that are taken out; normalising text takes time that grows with its square
_MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})


class PhoneError(ValueError):
    """Why the text is not a mobile number that can be used: see `code`."""

    def __init__(self, code: PhoneCode) -> None:
        super().__init__(code)
        self.code = code


def parse_mobile(text: str, *, region: str) -> str:
    """The E.164 form of a mobile number of the region, in any notation used there; raises `PhoneError`."""
    number = _parse(text, region)
    if phonenumbers.region_code_for_number(number) != region:
        raise PhoneError("wrong_country")
    return _mobile(number)


def parse_any_mobile(text: str, *, region: str) -> str:
    """Like `parse_mobile`, but a mobile of another country, written with its code, is fine too."""
    return _mobile(_parse(text, region))


def format_phone(e164: str, *, region: str) -> str:
    """The number as it is written in the region: national for its own numbers, international for others."""
    number = phonenumbers.parse(e164)
    own = phonenumbers.region_code_for_number(number) == region
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL if own else PhoneNumberFormat.INTERNATIONAL)


def written_phone(e164: str) -> str:
    """The whole number in groups, with its country's code: "+7 916 123-45-67"."""
    return phonenumbers.format_number(phonenumbers.parse(e164), PhoneNumberFormat.INTERNATIONAL)


def mask_phone(e164: str) -> str:
    """Country code and the last two digits: "+7 ••• •••-••-67"."""
    number = phonenumbers.parse(e164)
    code, _, national = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL).partition(" ")
    hidden, shown = national[:-2], national[-2:]
    return f"{code} " + "".join(DOT if sign.isdigit() else sign for sign in hidden) + shown


def calling_code(region: str) -> str:
    """What numbers of the region begin with abroad: "+381"."""
    return f"+{phonenumbers.country_code_for_region(region)}"


def _mobile(number: PhoneNumber) -> str:
    if phonenumbers.number_type(number) not in _MOBILE:
        raise PhoneError("not_mobile")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _parse(text: str, region: str) -> PhoneNumber:
    """A valid number without extension, whatever its kind and country."""
    if len(text) > _LONGEST_TYPED:
        raise PhoneError("not_a_number")
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    text = ascii_digits(unicodedata.normalize("NFKC", text)).strip()
    if len(text) > _LONGEST:
        raise PhoneError("not_a_number")
    readings = [number for reading in _readings(text, region) if (number := _read(reading, region))]
    if any(number.extension for number in readings):
        raise PhoneError("has_extension")
    # A letter is a slip of the finger, not the vanity number that the library would read.
    valid = [number for number in readings if phonenumbers.is_valid_number(number)]
    if not valid or any(sign.isalpha() for sign in text):
        raise PhoneError("not_a_number")
    own_mobiles = (number for number in valid if phonenumbers.number_type(number) in _MOBILE)
    return next(own_mobiles, valid[0])


def _readings(text: str, region: str) -> list[str]:
    """The text as it stands, and with the plus that people leave out before their own country's code.

    Read as it stands, "62812345678" is a valid landline in Indonesia; its writer meant a mobile.
    """
    code = str(phonenumbers.country_code_for_region(region))
    digits = "".join(sign for sign in text if sign.isdigit())
    if text.startswith("+"):
        return [text]
    if digits.startswith(code):
        return [text, f"+{text}"]
    if digits.startswith(f"00{code}"):
        return [text, f"+{digits[2:]}"]
    return [text]


def _read(text: str, region: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException:
        return None
