"""Encryption of long contents, piece by piece. Any later change of the pieces is detected."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.lib.crypto.sealed_stream import PIECE, BrokenStreamError, new_key, open_stream, seal_stream

SEALED = PIECE + 16


def seal(plain: bytes, key: bytes, context: str = "a") -> bytes:
    return b"".join(seal_stream([plain], key=key, context=context))


def opened(sealed: bytes, key: bytes, context: str = "a") -> bytes:
    return b"".join(open_stream(BytesIO(sealed), key=key, context=context))


class Trickle(BytesIO):
    """A file that returns few bytes at a time, as a network does."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(size or 7_000, 7_000))


@given(sizes=st.lists(st.integers(0, 2 * PIECE), max_size=4))
def test_what_was_sealed_comes_back_however_it_came_in(sizes: list[int]) -> None:
    key, parts = new_key(), [bytes([number]) * size for number, size in enumerate(sizes)]
    sealed = b"".join(seal_stream(parts, key=key, context="a"))
    assert opened(sealed, key) == b"".join(parts)
    assert b"".join(open_stream(Trickle(sealed), key=key, context="a")) == b"".join(parts)


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 5])
def test_lengths_around_a_piece(size: int) -> None:
    key = new_key()
    sealed = seal(b"x" * size, key)
    assert len(sealed) == size + 16 * max(1, -(-size // PIECE))
    assert opened(sealed, key) == b"x" * size


@given(place=st.integers(0, 2 * SEALED + 20), flip=st.integers(1, 255))
def test_a_changed_byte_is_found(place: int, flip: int) -> None:
    key = new_key()
    sealed = bytearray(seal(b"x" * (2 * PIECE + 5), key))
    sealed[place] ^= flip
    with pytest.raises(BrokenStreamError):
        opened(bytes(sealed), key)


@pytest.mark.parametrize(
    "harm",
    [
        lambda s: b"",
        lambda s: s[:-1],
        lambda s: s[:SEALED],
        lambda s: s[: 2 * SEALED],
        lambda s: s[SEALED:],
        lambda s: s[SEALED : 2 * SEALED] + s[:SEALED] + s[2 * SEALED :],
        lambda s: s[:SEALED] + s,
        lambda s: s + s[-21:],
        lambda s: s + b"\0",
    ],
    ids=[
        "empty",
        "a byte short",
        "one piece",
        "no last piece",
        "no first piece",
        "swapped",
        "doubled",
        "more",
        "a tail",
    ],
)
def test_pieces_that_are_missing_or_moved_are_found(harm: object) -> None:
    key = new_key()
    with pytest.raises(BrokenStreamError):
        opened(harm(seal(b"x" * (2 * PIECE + 5), key)), key)  # type: ignore[operator]


def test_another_key_or_context_opens_nothing() -> None:
    key = new_key()
    sealed = seal(b"secret", key)
    for other, context in ((new_key(), "a"), (key, "b")):
        with pytest.raises(BrokenStreamError):
            opened(sealed, other, context)
