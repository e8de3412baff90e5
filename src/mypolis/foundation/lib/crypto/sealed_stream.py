"""A file of any length, sealed piece by piece under a key of its own, so that it is never held in memory whole.

The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015) over AES-256-GCM: each piece is sealed with its
number and with whether it is the last one. Pieces that are changed, swapped, left out, repeated or cut off do not open.
"""

import secrets
from collections.abc import Iterable, Iterator
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PIECE = 64 * 1024
_TAG = 16
_COUNTER = 11


class Readable(Protocol):
    """What can be read from."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""


class BrokenStreamError(Exception):
    """What was read is not what was sealed, or not all of it."""


def new_key() -> bytes:
    """32 random bytes. A key seals one stream and no other: nonces are counted, not drawn."""
    return secrets.token_bytes(32)


def seal_stream(plain: Iterable[bytes], *, key: bytes, context: str) -> Iterator[bytes]:
    """The sealed pieces of the bytes, in order; each is 16 bytes longer than its 64 KiB (the last one's: up to 64)."""
    cipher, label = AESGCM(key), context.encode()
    number, waiting = 0, bytearray()
    for part in plain:
        waiting += part
        while len(waiting) > PIECE:  # not >=: the last piece is never empty, unless all is
            yield cipher.encrypt(_nonce(number, last=False), bytes(waiting[:PIECE]), label)
            del waiting[:PIECE]
            number += 1
    yield cipher.encrypt(_nonce(number, last=True), bytes(waiting), label)


def open_stream(sealed: Readable, *, key: bytes, context: str) -> Iterator[bytes]:
    """What was sealed, piece by piece. Raises BrokenStreamError at the first piece that does not belong there."""
    cipher, label = AESGCM(key), context.encode()
    number, piece = 0, _read(sealed)
    while True:
        following = _read(sealed)
        try:
            yield cipher.decrypt(_nonce(number, last=not following), piece, label)
        except (InvalidTag, ValueError):
            raise BrokenStreamError(f"piece {number} is broken, or belongs elsewhere") from None
        if not following:
            return
        number, piece = number + 1, following


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(_COUNTER) + bytes([last])


def _read(file: Readable) -> bytes:
    """The next whole piece; the rest at the end. A storage may give less than it is asked for at a time."""
    piece = b""
    while len(piece) < PIECE + _TAG and (more := file.read(PIECE + _TAG - len(piece))):
        piece += more
    return piece
