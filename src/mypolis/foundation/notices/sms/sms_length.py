"""Encodes a text as SMS: its alphabet, its segments (GSM 03.38 and 03.40), and how to fit it into one segment."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("„“”«»", '"'),
        **dict.fromkeys("’‘‚", "'"),
        **dict.fromkeys("–—−‑", "-"),
        **dict.fromkeys("\u00a0\u202f\u2009", " "),
        **{"…": "...", "đ": "dj", "Đ": "Dj"},
    }
)
_ESCAPE = 0x1B
_EXTENDED = {
    "\f": 0x0A, "^": 0x14, "{": 0x28, "}": 0x29, "\\": 0x2F, "[": 0x3C, "~": 0x3D, "]": 0x3E, "|": 0x40, "€": 0x65,
}  # fmt: skip
_CODES = {char: bytes([code]) for code, char in enumerate(_BASIC) if code != _ESCAPE}
_CODES |= {char: bytes([_ESCAPE, code]) for char, code in _EXTENDED.items()}


@dataclass(frozen=True)
class Pieces:
    """A text encoded for sending: one byte per character of the GSM alphabet (unpacked), or big-endian UCS-2."""

    is_gsm: bool
    parts: tuple[bytes, ...]


def is_gsm(text: str) -> bool:
    """Whether every character is in the GSM alphabet. A single other character makes the whole text UCS-2."""
    return all(char in _CODES for char in text)


def pieces(text: str) -> Pieces:
    """The text encoded and split. No piece ends inside an escape sequence or a surrogate pair."""
    if is_gsm(text):
        return Pieces(True, tuple(_cut((_CODES[char] for char in text), whole=160, each=153)))
    return Pieces(False, tuple(_cut((char.encode("utf-16-be") for char in text), whole=140, each=134)))


def segments(text: str) -> int:
    """Number of segments: 1 for up to 160 GSM characters (70 in UCS-2), otherwise one per 153 (67)."""
    return len(pieces(text).parts)


def in_plain_letters(text: str) -> str:
    """The text in letters of the GSM alphabet: Serbian "š" becomes "s", "đ" becomes "dj", quotes and dashes plain.

    People in Serbia type their own messages this way. A Cyrillic text cannot be converted and is returned unchanged.
    """
    plain = "".join(char if char in _CODES else _unmarked(char) for char in text.translate(_PLAIN))
    return plain if is_gsm(plain) else text


def _unmarked(char: str) -> str:
    return unicodedata.normalize("NFD", char)[0]


def _cut(chars: Iterable[bytes], *, whole: int, each: int) -> Iterator[bytes]:
    encoded = list(chars)
    if sum(map(len, encoded)) <= whole:
        yield b"".join(encoded)
        return
    piece = b""
    for char in encoded:
        if len(piece) + len(char) > each:
            yield piece
            piece = b""
        piece += char
    yield piece
