"""Reads the body of a request as far as it arrives: connections break, stall, or are slow for minutes."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol, cast

from django.http import HttpRequest

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIRequest

READ = 64 * 1024
MOST_READ = 1024 * 1024  # gunicorn receives so much at once; after a smaller read, it copies the rest each time
FAST_SECONDS = 0.02
STALL_SECONDS = 15.0  # without a byte for so long, the thread is given to others
MOST_SECONDS = 60.0  # then the client continues with another request; a slow one must not hold a thread for longer
_DRAIN = 1024  # gunicorn reads at least this much, and keeps what it has when the connection breaks


class _Socket(Protocol):
    def settimeout(self, seconds: float | None, /) -> None: ...


class RequestBody:
    """The body's bytes, in pieces of at most 1 MiB. Iteration ends at the body's end, when the connection breaks or
    stalls, and after a minute; everything that arrived until then was yielded.

    `length` is what the client announced; None for a chunked body.
    """

    def __init__(self, request: HttpRequest) -> None:
        environ: dict[str, Any] = cast("WSGIRequest", request).environ
        chunked = "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
        announced = str(environ.get("CONTENT_LENGTH") or "")
        self.length = None if chunked else int(announced) if announced.isdecimal() else 0
        self._input = environ["wsgi.input"]
        self._socket: _Socket | None = environ.get("gunicorn.socket")

    def __iter__(self) -> Iterator[bytes]:
        now, left, size = time.monotonic(), self.length, READ
        ends_at = now + MOST_SECONDS
        self._wait_at_most(STALL_SECONDS)
        while left != 0 and now < ends_at:
            try:
                piece = self._input.read(size if left is None else min(size, left))
            except OSError:
                yield from self._what_arrived()
                return
            if not piece:
                return
            left = None if left is None else left - len(piece)
            before, now = now, time.monotonic()
            size = min(2 * size, MOST_READ) if now - before < FAST_SECONDS else READ
            yield piece
            now = time.monotonic()

    def _what_arrived(self) -> Iterator[bytes]:
        """What the server had received before the connection broke, except for less than 1 KiB."""
        self._wait_at_most(0)
        try:
            while piece := self._input.read(_DRAIN):
                yield piece
        except OSError:
            return
        finally:
            self._wait_at_most(STALL_SECONDS)

    def _wait_at_most(self, seconds: float) -> None:
        if self._socket is not None:
            self._socket.settimeout(seconds)
