"""Looks up leaked passwords in a local file, so that no part of a password leaves the machine.

The file is what the downloader of Have I Been Pwned's "Pwned Passwords" writes, SHA-1, ordered by hash: lines
`<40 hex digits>:<times seen>`. The operator downloads and updates it. Without a configured file there is no check.
OWASP ASVS 5.0, 6.2.12.
"""

import hashlib
import re
from pathlib import Path
from typing import BinaryIO, Final

import structlog
from django.conf import settings

_DIGEST: Final = 40
_LONGEST: Final = 64  # bytes of a line, so that a file without line ends is not read completely
_LINE = re.compile(rb"[0-9A-Fa-f]{40}(:\d+)?\r?\n?")
_SAMPLES: Final = 64
_log = structlog.get_logger(__name__)


def is_breached(password: str) -> bool:
    """Whether the operator's file lists it. An unreadable file is logged and gives False, so people can register."""
    path = settings.MYPOLIS.breached_passwords
    if path is None:
        return False
    wanted = hashlib.sha1(password.encode("utf-8", "replace"), usedforsecurity=False).hexdigest().upper().encode()
    try:
        with path.open("rb") as file:
            return holds(file, wanted)
    except OSError as error:
        _log.error("passwords.breached_unreadable", error=type(error).__name__)
        return False


def holds(file: BinaryIO, digest: bytes) -> bool:
    """Whether a sorted list contains a digest (40 upper-case hex digits), by binary search."""
    low, high = 0, file.seek(0, 2)
    while low < high:
        middle = (low + high) // 2
        line = _line_from(file, middle)
        if line and _digest_of(line) < digest:
            low = middle + 1
        else:
            high = middle
    return _digest_of(_line_from(file, low)) == digest


def fault(path: Path) -> str:
    """Why a file cannot be used for look-ups; empty when it can. Checks samples, not the whole file."""
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            lines = [_line_from(file, size * sample // _SAMPLES) for sample in range(_SAMPLES)]
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    lines = [line for line in lines if line]
    if not lines or not all(_LINE.fullmatch(line) for line in lines):
        return "is not a list of SHA-1 digests, one a line"
    digests = [_digest_of(line) for line in lines]
    return "" if digests == sorted(digests) else "is not ordered by digest"


def _line_from(file: BinaryIO, position: int) -> bytes:
    """The first line that begins at a position or after it; empty at the end."""
    file.seek(max(0, position - 1))
    if position:
        file.readline(_LONGEST)
    return file.readline(_LONGEST)


def _digest_of(line: bytes) -> bytes:
    return line[:_DIGEST].upper()
