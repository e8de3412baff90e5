"""Scans with ClamAV's daemon, clamd, over its own protocol: `INSTREAM` and `VERSION` on a socket."""

import re
import select
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from django.utils import timezone

from mypolis.foundation.files.scanning.scanner import ScannerAwayError, Verdict

OLDEST_DEFINITIONS: Final = timedelta(days=7)
_PIECE: Final = 64 * 1024
_CONNECT_SECONDS: Final = 5
_ANSWER_SECONDS: Final = 150  # clamd ends a scan after 120 seconds, unless its MaxScanTime says otherwise
_LONGEST_ANSWER: Final = 4096
_DATE_IS_VALID_SECONDS: Final = 60
# "ClamAV 1.4.6/27500/Mon Nov 30 08:12:33 2026". Without definitions from ClamAV's database there is no date.
_VERSION = re.compile(r"/\d+/\w{3} (\w{3}) +(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4})$")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# What clamd calls contents that it did not scan completely, if its settings say AlertExceedsMax and AlertEncrypted.
_UNSCANNABLE = ("Heuristics.Limits.Exceeded", "Heuristics.Encrypted")

type Address = str | tuple[str, int]
"""The path of a Unix socket, or host and port."""


class Clamd:
    """The clamd at one address."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._dated_until = 0.0

    def scan(self, content: Iterable[bytes]) -> Verdict:
        """Send the contents to clamd and return its verdict. Raises ScannerAwayError."""
        self._check_definitions()
        with self._connected() as line:
            line.sendall(b"zINSTREAM\0")
            # clamd closes the line in the middle if the contents are too large for it. It says so first.
            with suppress(BrokenPipeError, ConnectionResetError):
                for piece in _pieces(content):
                    if select.select([line], [], [], 0)[0]:
                        break
                    line.sendall(len(piece).to_bytes(4, "big") + piece)
                line.sendall(bytes(4))
            return _verdict(_answer(line))

    def _check_definitions(self) -> None:
        """Raises ScannerAwayError if the definitions are older than seven days, or if clamd does not say how old."""
        if time.monotonic() < self._dated_until:
            return
        with self._connected() as line:
            line.sendall(b"zVERSION\0")
            made = made_at(_answer(line))
        if made is None:
            raise ScannerAwayError("clamd does not say how old its definitions are")
        if timezone.now() - made > OLDEST_DEFINITIONS:
            raise ScannerAwayError(f"clamd's definitions are of {made:%Y-%m-%d}: is freshclam running?")
        self._dated_until = time.monotonic() + _DATE_IS_VALID_SECONDS

    @contextmanager
    def _connected(self) -> Iterator[socket.socket]:
        """A connection to clamd. Every error on it is a ScannerAwayError."""
        try:
            with _connect(self._address) as line:
                line.settimeout(_ANSWER_SECONDS)
                yield line
        except OSError as error:
            raise ScannerAwayError(f"clamd: {error}") from error


def made_at(version: str) -> datetime | None:
    """When the definitions were made, from clamd's answer to VERSION; None if it does not say.

    clamd writes the time of its own zone without naming the zone. A few hours do not matter here: we read it as UTC.
    """
    found = _VERSION.search(version)
    if found is None or found[1] not in _MONTHS:
        return None
    day, hour, minute, second, year = (int(part) for part in found.groups()[1:])
    try:
        return datetime(year, _MONTHS.index(found[1]) + 1, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def _connect(address: Address) -> socket.socket:
    if not isinstance(address, str):
        return socket.create_connection(address, timeout=_CONNECT_SECONDS)
    line = socket.socket(socket.AF_UNIX)
    try:
        line.settimeout(_CONNECT_SECONDS)
        line.connect(address)
    except OSError:
        line.close()
        raise
    return line


def _pieces(content: Iterable[bytes]) -> Iterator[bytes]:
    for part in content:
        for start in range(0, len(part), _PIECE):
            yield part[start : start + _PIECE]


def _answer(line: socket.socket) -> str:
    """The answer, up to the NUL that ends it. Raises OSError."""
    answer = b""
    while not answer.endswith(b"\0"):
        part = line.recv(_LONGEST_ANSWER)
        if not part or len(answer) > _LONGEST_ANSWER:
            raise ConnectionError("the answer is incomplete")
        answer += part
    return answer[:-1].decode("utf-8", "replace")


def _verdict(answer: str) -> Verdict:
    """The verdict in an answer. Raises ScannerAwayError for an error that has nothing to do with the contents."""
    if answer == "stream: OK":
        return Verdict("clean")
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        signature = answer.removeprefix("stream: ").removesuffix(" FOUND")
        return Verdict("unscannable" if signature.startswith(_UNSCANNABLE) else "infected", signature)
    if answer.startswith("INSTREAM size limit exceeded"):
        return Verdict("unscannable", "INSTREAM size limit exceeded")
    raise ScannerAwayError(f"clamd: {answer}")
