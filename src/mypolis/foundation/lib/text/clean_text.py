"""One line of typed text, made safe to keep and to show."""

import re
import unicodedata
from typing import Literal

UnsafeCode = Literal["control", "bidi", "surrogate", "too_long"]

_BIDI_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Marks that copying from a page or a spreadsheet leaves behind; they carry nothing and hide differences.
_LEFTOVERS = re.compile("[\u200b\u200e\u200f\u2060\ufeff]")
_SHRINKS = 4  # white space and marks aside, NFC makes a text shorter by no more than this factor


class UnsafeText(ValueError):
    """The text holds what no honest line holds (`code` says what), or is too long."""

    def __init__(self, code: UnsafeCode) -> None:
        super().__init__(code)
        self.code = code


def clean_line(text: str, *, max_length: int) -> str:
    """The text in NFC, trimmed, its white space collapsed to single spaces; at most `max_length` code points.

    Raises `UnsafeText` for NUL and other control characters, bidirectional overrides, lone surrogates, and
    length. What is far too long is refused first: normalising text takes time that grows with its square.
    """
    if len(text) > max_length * _SHRINKS:
        raise UnsafeText("too_long")
    for sign in text:
        if sign in _BIDI_OVERRIDES:
            raise UnsafeText("bidi")
        category = unicodedata.category(sign)
        if category == "Cs":
            raise UnsafeText("surrogate")
        if category == "Cc" and sign not in "\t\n\r":
            raise UnsafeText("control")
    line = " ".join(unicodedata.normalize("NFC", _LEFTOVERS.sub("", text)).split())
    if len(line) > max_length:
        raise UnsafeText("too_long")
    return line
