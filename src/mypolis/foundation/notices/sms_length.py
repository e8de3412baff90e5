"""How a text becomes SMS: its alphabet, the pieces of a long one (GSM 03.38 and 03.40), and how to make it one."""

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
_CODES = {sign: bytes([code]) for code, sign in enumerate(_BASIC) if code != _ESCAPE}
_CODES |= {sign: bytes([_ESCAPE, code]) for sign, code in _EXTENDED.items()}


@dataclass(frozen=True)
class Pieces:
    """A text as it goes on the air: one octet a sign of the GSM alphabet (unpacked), or UCS-2 in network order."""

    is_gsm: bool
    parts: tuple[bytes, ...]


def is_gsm(text: str) -> bool:
    """Whether every sign stands in the GSM alphabet; a single one outside makes the whole text UCS-2."""
    return all(sign in _CODES for sign in text)


def pieces(text: str) -> Pieces:
    """The text encoded and cut: no piece ends inside an escaped sign or a surrogate pair."""
    if is_gsm(text):
        return Pieces(True, tuple(_cut((_CODES[sign] for sign in text), whole=160, each=153)))
    return Pieces(False, tuple(_cut((sign.encode("utf-16-be") for sign in text), whole=140, each=134)))


def segments(text: str) -> int:
    """1 up to 160 signs of the GSM alphabet, or 70 when a letter is outside it; then one per 153 or 67."""
    return len(pieces(text).parts)


def in_plain_letters(text: str) -> str:
    """The text in letters of the GSM alphabet: Serbian "š" is "s", "đ" is "dj", quotes and dashes are plain.

    That is how people in Serbia type their own messages. A text that cannot be written so, because it is in
    Cyrillic, stays as it is.
    """
    plain = "".join(sign if sign in _CODES else _unmarked(sign) for sign in text.translate(_PLAIN))
    return plain if is_gsm(plain) else text


def _unmarked(sign: str) -> str:
    return unicodedata.normalize("NFD", sign)[0]


def _cut(signs: Iterable[bytes], *, whole: int, each: int) -> Iterator[bytes]:
    encoded = list(signs)
    if sum(map(len, encoded)) <= whole:
        yield b"".join(encoded)
        return
    piece = b""
    for sign in encoded:
        if len(piece) + len(sign) > each:
            yield piece
            piece = b""
        piece += sign
    yield piece
