"""How the program that cleans tells its parent something: frames on a pipe, each with its kind and length."""

import json
import struct
from collections.abc import Iterator
from typing import BinaryIO, Final, Literal

type Kind = Literal[b"P", b"E", b"R"]
"""A piece of a decoded stream, the end of that stream, or the result as JSON, which comes last."""

_HEAD: Final = struct.Struct(">cI")
PIECE: Final = 64 * 1024


class BrokenFramesError(Exception):
    """The pipe ended before the result came, so something stopped the program."""


def write_stream(pipe: BinaryIO, content: bytes) -> None:
    """Write one decoded stream, in pieces."""
    view = memoryview(content)
    for start in range(0, len(view), PIECE):
        _write(pipe, b"P", view[start : start + PIECE])
    _write(pipe, b"E", b"")


def write_result(pipe: BinaryIO, result: object) -> None:
    """Write the result. Nothing may follow."""
    _write(pipe, b"R", json.dumps(result).encode())
    pipe.flush()


def read_frames(pipe: BinaryIO) -> Iterator[Iterator[bytes] | dict[str, object]]:
    """Yield each decoded stream as an iterator of pieces, to be read before the next, and at last the result.

    Raises BrokenFramesError.
    """
    while True:
        kind, content = _read(pipe)
        if kind == b"R":
            yield dict(json.loads(content))
            return
        stream = _stream(pipe, kind, content)
        yield stream
        for _rest in stream:  # what the reader left
            pass


def _stream(pipe: BinaryIO, kind: bytes, content: bytes) -> Iterator[bytes]:
    while kind == b"P":
        yield content
        kind, content = _read(pipe)


def _read(pipe: BinaryIO) -> tuple[bytes, bytes]:
    head = pipe.read(_HEAD.size)
    if len(head) < _HEAD.size:
        raise BrokenFramesError
    kind, length = _HEAD.unpack(head)
    content = pipe.read(length)
    if len(content) < length:
        raise BrokenFramesError
    return kind, content


def _write(pipe: BinaryIO, kind: Kind, content: bytes | memoryview) -> None:
    pipe.write(_HEAD.pack(kind, len(content)))
    pipe.write(content)
