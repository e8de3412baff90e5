"""How the program that cleans talks to its parent: frames on a pipe, each with its kind and length."""

import json
import struct
from collections.abc import Iterator
from typing import BinaryIO, Final, Literal

type Kind = Literal[b"P", b"E", b"R"]
"""A piece of a decoded stream, the end of that stream, or the result as JSON, which comes last."""

_HEAD: Final = struct.Struct(">cI")
PIECE: Final = 64 * 1024


_LONGEST: Final = {b"P": PIECE, b"E": 0, b"R": 1 << 20}


class BrokenFramesError(Exception):
    """The pipe ended before the result came, so something stopped the program."""


class ForgedFramesError(Exception):
    """The program wrote what it never writes, so the file made it do something else."""


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
    """Yield each decoded stream as an iterator of pieces, which must be read before the next one; last, the result.

    Raises BrokenFramesError or ForgedFramesError.
    """
    while True:
        kind, content = _read(pipe)
        if kind == b"R":
            yield _result(content)
            return
        stream = _stream(pipe, kind, content)
        yield stream
        for _rest in stream:  # what the reader left
            pass


def _result(content: bytes) -> dict[str, object]:
    try:
        result = json.loads(content)
    except ValueError:
        result = None
    if not isinstance(result, dict):
        raise ForgedFramesError("the result")
    return result


def _stream(pipe: BinaryIO, kind: bytes, content: bytes) -> Iterator[bytes]:
    while kind == b"P":
        yield content
        kind, content = _read(pipe)


def _read(pipe: BinaryIO) -> tuple[bytes, bytes]:
    head = pipe.read(_HEAD.size)
    if len(head) < _HEAD.size:
        raise BrokenFramesError
    kind, length = _HEAD.unpack(head)
    if length > _LONGEST.get(kind, -1):
        raise ForgedFramesError("a frame")
    content = pipe.read(length)
    if len(content) < length:
        raise BrokenFramesError
    return kind, content


def _write(pipe: BinaryIO, kind: Kind, content: bytes | memoryview) -> None:
    pipe.write(_HEAD.pack(kind, len(content)))
    pipe.write(content)
