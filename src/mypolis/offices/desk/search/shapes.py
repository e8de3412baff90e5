"""What somebody typed into the search box, judged by its shape alone."""

from typing import Literal

from mypolis.foundation.lib.jmbg import JmbgError, compact_jmbg
from mypolis.foundation.lib.phones import PhoneError, parse_any_mobile
from mypolis.foundation.lib.text.folding import ascii_digits

type Shape = Literal["email", "national_id", "phone", "number", "name"]


def shape_of(typed: str, *, region: str) -> Shape:
    """The kind of text: an exact shape if it has one; a text with a digit is a number, any other a name.

    A national id or a phone may also be the number of a policy, so whoever searches for them asks for numbers too.
    """
    if "@" in typed:
        return "email"
    if is_national_id(typed):
        return "national_id"
    if mobile_in(typed, region=region):
        return "phone"
    return "number" if any(character.isdigit() for character in ascii_digits(typed)) else "name"


def is_national_id(typed: str) -> bool:
    """Whether the text is a whole national id of 13 digits."""
    try:
        compact_jmbg(typed)
    except JmbgError:
        return False
    return True


def mobile_in(typed: str, *, region: str) -> str:
    """The mobile number in E.164; empty when the text is not one."""
    try:
        return parse_any_mobile(typed, region=region)
    except PhoneError:
        return ""
