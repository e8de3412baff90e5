"""Cleans the file on standard input. `__init__.py` says what it writes where."""

import ctypes
import errno
import os
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO

from mypolis.foundation.files.cleaning.child.documents import clean_document
from mypolis.foundation.files.cleaning.child.outputs import Outputs
from mypolis.foundation.files.cleaning.child.pictures import clean_picture
from mypolis.foundation.files.cleaning.child.refused import RefusedError
from mypolis.foundation.files.cleaning.frames import write_result
from mypolis.foundation.files.cleaning.limits import MEMORY_BYTES, MOST_CLEANED_BYTES, PROCESSOR_SECONDS
from mypolis.foundation.files.cleaning.reasons import Reason

_PR_SET_PDEATHSIG = 1
_HEAD_BYTES = 1024  # readers of PDFs accept so many bytes before the header
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})


def main() -> None:
    """Clean the file, and write the result as the last frame."""
    _end_with(int(sys.argv[3]))
    _give_up_rights()
    cleaned, previews = (os.fdopen(int(number), "r+b") for number in sys.argv[1:3])
    outputs = Outputs(sys.stdout.buffer, cleaned, previews)
    write_result(sys.stdout.buffer, _cleaned(sys.stdin.buffer, outputs))


def _end_with(parent: int) -> None:
    """Let the kernel kill us when the worker dies (Linux): nobody would read our result."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)


def _give_up_rights() -> None:
    """Limit memory, time and files, and leave the network, if the kernel lets us."""
    _limit(resource.RLIMIT_CORE, 0)  # no core dump with somebody's papers
    _limit(resource.RLIMIT_AS, MEMORY_BYTES)
    _limit(resource.RLIMIT_CPU, PROCESSOR_SECONDS)
    _limit(resource.RLIMIT_FSIZE, MOST_CLEANED_BYTES)
    with suppress(OSError):  # some containers forbid it; nothing here uses the network anyway
        os.unshare(os.CLONE_NEWNET if os.geteuid() == 0 else os.CLONE_NEWUSER | os.CLONE_NEWNET)


def _limit(what: int, most: int) -> None:
    """Set a resource limit of this process; a lower hard limit stays."""
    _, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))


def _cleaned(file: BinaryIO, outputs: Outputs) -> dict[str, object]:
    """The result: what was cleaned, or why the file is refused."""
    try:
        done = _cleaner_for(file)(file, outputs)
        outputs.cleaned.flush()
        outputs.previews.flush()
        return done
    except RefusedError as refused:
        reason: Reason = refused.reason
    except (MemoryError, RecursionError):
        reason = "too_complex"
    except Exception as error:  # the libraries raise many kinds of errors for strangers' files
        reason = "too_large" if isinstance(error, OSError) and error.errno == errno.EFBIG else "damaged"
    return {"refused": reason}


def _cleaner_for(file: BinaryIO) -> Callable[[BinaryIO, Outputs], dict[str, object]]:
    head = file.read(_HEAD_BYTES)
    file.seek(0)
    if not head:
        raise RefusedError("empty")
    if _looks_like_picture(head):
        return clean_picture
    if b"%PDF-" in head:
        return clean_document
    raise RefusedError("not_a_picture_or_pdf")


def _looks_like_picture(head: bytes) -> bool:
    """Whether the first bytes are those of a type that we take. This only chooses the decoder; the decoder decides."""
    is_heic = head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS
    return head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or _is_webp(head) or is_heic


def _is_webp(head: bytes) -> bool:
    return head.startswith(b"RIFF") and head[8:12] == b"WEBP"


if __name__ == "__main__":
    main()
