"""Converts phone numbers between E.164 and the notations that people and lists use.

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
_LONGEST_TYPED = 400  # including separators; the time to normalise text grows with the square of its length
_MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})


class PhoneError(ValueError):
    """The text is not a usable mobile number; `code` says why."""

    def __init__(self, code: PhoneCode) -> None:
        super().__init__(code)
        self.code = code


def parse_mobile(text: str, *, region: str) -> str:
    """Convert a mobile number of the region, in any notation used there, to E.164. Raises `PhoneError`."""
    number = _parse(text, region)
    if phonenumbers.region_code_for_number(number) != region:
        raise PhoneError("wrong_country")
    return _mobile(number)


def parse_any_mobile(text: str, *, region: str) -> str:
    """Like `parse_mobile`, but also accept a mobile number of another country with its country code."""
    return _mobile(_parse(text, region))


def format_phone(e164: str, *, region: str) -> str:
    """Format the number for people in the region: national format for its own numbers, international for others."""
    number = phonenumbers.parse(e164)
    own = phonenumbers.region_code_for_number(number) == region
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL if own else PhoneNumberFormat.INTERNATIONAL)


def written_phone(e164: str) -> str:
    """Format the number with its country code: "+7 916 123-45-67"."""
    return phonenumbers.format_number(phonenumbers.parse(e164), PhoneNumberFormat.INTERNATIONAL)


def mask_phone(e164: str) -> str:
    """Show only the country code and the last two digits: "+7 ••• •••-••-67"."""
    number = phonenumbers.parse(e164)
    code, _, national = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL).partition(" ")
    hidden, shown = national[:-2], national[-2:]
    return f"{code} " + "".join(DOT if sign.isdigit() else sign for sign in hidden) + shown


def calling_code(region: str) -> str:
    """Return the region's country code: "+381"."""
    return f"+{phonenumbers.country_code_for_region(region)}"


def _mobile(number: PhoneNumber) -> str:
    if phonenumbers.number_type(number) not in _MOBILE:
        raise PhoneError("not_mobile")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _parse(text: str, region: str) -> PhoneNumber:
    """Parse a valid number without extension, of any type and country."""
    if len(text) > _LONGEST_TYPED:
        raise PhoneError("not_a_number")
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    text = ascii_digits(unicodedata.normalize("NFKC", text)).strip()
    if len(text) > _LONGEST:
        raise PhoneError("not_a_number")
    readings = [number for reading in _readings(text, region) if (number := _read(reading, region))]
    if any(number.extension for number in readings):
        raise PhoneError("has_extension")
    # A letter is a typing error. The library would read it as a vanity number.
    valid = [number for number in readings if phonenumbers.is_valid_number(number)]
    if not valid or any(sign.isalpha() for sign in text):
        raise PhoneError("not_a_number")
    own_mobiles = (number for number in valid if phonenumbers.number_type(number) in _MOBILE)
    return next(own_mobiles, valid[0])


def _readings(text: str, region: str) -> list[str]:
    """Return the text as it is, and with the plus that people omit before their own country code.

    Without the plus, "62812345678" is a valid landline in Indonesia, but the person meant a mobile number.
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
