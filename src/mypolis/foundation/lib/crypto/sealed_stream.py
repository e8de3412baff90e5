"""Encrypts a file of any length piece by piece with its own key, so that it is never completely in memory.

The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015) over AES-256-GCM: the nonce of each piece contains
its number and whether it is the last one. Changed, swapped, missing, repeated or truncated pieces fail to decrypt.
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
    """An object with `read`."""

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes; empty at the end."""


class BrokenStreamError(Exception):
    """The encrypted data was changed or is incomplete."""


def new_key() -> bytes:
    """Return 32 random bytes. Use a key for one stream only: nonces are counters, not random."""
    return secrets.token_bytes(32)


def seal_stream(plain: Iterable[bytes], *, key: bytes, context: str) -> Iterator[bytes]:
    """Yield the encrypted pieces in order. Each has 64 KiB (the last one: up to 64 KiB) plus 16 bytes."""
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
    """Decrypt piece by piece. Raises BrokenStreamError at the first invalid piece."""
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
    """Read the next whole piece, or the rest. One `read` of a storage may return less than requested."""
    piece = b""
    while len(piece) < PIECE + _TAG and (more := file.read(PIECE + _TAG - len(piece))):
        piece += more
    return piece
