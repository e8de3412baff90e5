"""Makes typed text safe to store and to show."""

import re
import unicodedata
from typing import Literal

UnsafeCode = Literal["control", "bidi", "surrogate", "too_long"]

_BIDI_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Invisible characters that are copied along from pages or spreadsheets. They mean nothing and hide differences.
_LEFTOVERS = re.compile("[\u200b\u200e\u200f\u2060\ufeff]")
_SHRINKS = 4  # apart from white space and these characters, NFC shortens a text at most by this factor


class UnsafeText(ValueError):
    """The text contains forbidden characters or is too long; `code` says what is wrong."""

    def __init__(self, code: UnsafeCode) -> None:
        super().__init__(code)
        self.code = code


def clean_line(text: str, *, max_length: int) -> str:
    """Return the text in NFC, trimmed, with white space collapsed to single spaces; at most `max_length` code points.

    Raises `UnsafeText` for NUL and other control characters, bidirectional overrides, lone surrogates, and length.
    A far too long text is refused first, because the time to normalise text grows with the square of its length.
    """
    if len(text) > max_length * _SHRINKS:
        raise UnsafeText("too_long")
    for char in text:
        if char in _BIDI_OVERRIDES:
            raise UnsafeText("bidi")
        category = unicodedata.category(char)
        if category == "Cs":
            raise UnsafeText("surrogate")
        if category == "Cc" and char not in "\t\n\r":
            raise UnsafeText("control")
    line = " ".join(unicodedata.normalize("NFC", _LEFTOVERS.sub("", text)).split())
    if len(line) > max_length:
        raise UnsafeText("too_long")
    return line


def clean_lines(text: str, *, max_length: int) -> str:
    """Return a text of several lines: each as `clean_line` gives it, without empty lines at the ends.

    Several empty lines in a row become one. `max_length` is for the whole text. Raises `UnsafeText` like `clean_line`.
    """
    if len(text) > max_length * _SHRINKS:
        raise UnsafeText("too_long")
    lines = [clean_line(line, max_length=max_length) for line in re.split(r"\r\n|\r|\n", text)]
    joined = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
    if len(joined) > max_length:
        raise UnsafeText("too_long")
    return joined
