"""Runs the program that cleans one file, with limits and without our environment, and reads its result."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO, Final, cast

from mypolis.foundation.files.cleaning.frames import BrokenFramesError, ForgedFramesError, read_frames
from mypolis.foundation.files.cleaning.limits import SILENT_SECONDS
from mypolis.foundation.files.cleaning.reasons import REASONS, TRACES, Reason, Trace

MEDIA_TYPES: Final = frozenset({"image/jpeg", "application/pdf"})
"""What a cleaned file can be."""
_PROGRAM: Final = "mypolis.foundation.files.cleaning.child"


@dataclass(frozen=True)
class Cleaned:
    """A cleaned file: a JPEG, or a PDF of `pages` pages. `previews` are JPEGs, one for each page.

    `content` is an open file in memory, at its beginning; whoever gets it closes it. `codes` are the texts of the QR
    codes that were found. `trace` is what the notes of a picture say about editing.
    """

    media_type: str
    pages: int
    content: BinaryIO
    previews: tuple[bytes, ...]
    codes: tuple[str, ...]
    trace: Trace = ""


@dataclass(frozen=True)
class Refused:
    """The file cannot be cleaned, for this reason. The same file is refused each time."""

    reason: Reason


class CleanerStuckError(Exception):
    """The program did not start, or did nothing for minutes. This is not the file's fault: try again later."""


type Look = Callable[[Iterator[bytes]], None]
"""Called with the decoded contents of each stream of a PDF. What it raises ends the cleaning."""


def file_in_memory() -> BinaryIO:
    """An empty file without a name, for contents that must not be written to a disk unencrypted."""
    return os.fdopen(os.memfd_create("mypolis"), "w+b")


def clean(source: BinaryIO, *, look: Look) -> Cleaned | Refused:
    """Clean a file that a stranger sent. `source` is an open file with a descriptor; it is read from its beginning.

    Raises CleanerStuckError, or what `look` raises.
    """
    source.flush()
    source.seek(0)
    content = file_in_memory()
    with file_in_memory() as previews:
        try:
            done = _understood(_run(source, content, previews, look), content, previews)
        except BaseException:
            content.close()
            raise
    if isinstance(done, Refused):
        content.close()
    return done


def _run(source: BinaryIO, content: BinaryIO, previews: BinaryIO, look: Look) -> dict[str, object]:
    """Run the program and return its result."""
    outputs = (content.fileno(), previews.fileno())
    program = subprocess.Popen(  # noqa: S603 - our own program, no shell
        [sys.executable, "-I", "-m", _PROGRAM, *(str(number) for number in outputs), str(os.getpid())],
        stdin=source,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # its backtraces could hold what the file holds
        env={},
        cwd="/",
        pass_fds=outputs,
        process_group=0,
    )
    with program:
        alarm = _Alarm(program)
        try:
            return _received(program, alarm, look)
        except ForgedFramesError:
            return {"refused": "too_complex"}
        finally:
            alarm.stop()
            _kill(program)


def _kill(program: subprocess.Popen[bytes]) -> None:
    """Kill the program and everything that it started."""
    with suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGKILL)


def _received(program: subprocess.Popen[bytes], alarm: "_Alarm", look: Look) -> dict[str, object]:
    try:
        for frame in read_frames(cast("BinaryIO", program.stdout)):
            if isinstance(frame, dict):
                return frame
            look(frame)
            alarm.set_again()
    except BrokenFramesError:
        pass
    if program.wait() < 0 and not alarm.rang:  # a limit of memory or time stopped it, or a library crashed
        return {"refused": "too_complex"}
    raise CleanerStuckError("the program that cleans files does not work")


def _understood(result: dict[str, object], content: BinaryIO, previews: BinaryIO) -> Cleaned | Refused:
    """The result, checked. If the program never writes such a result, the file took it over, and is refused."""
    match result:
        case {"refused": str(reason)} if reason in REASONS:
            return Refused(reason)
        case {
            "media_type": str(kind),
            "pages": int(pages),
            "previews": list(sizes),
            "codes": list(codes),
            "trace": str(trace),
        } if (
            kind in MEDIA_TYPES
            and trace in TRACES
            and len(sizes) == pages
            and all(isinstance(size, int) for size in sizes)
        ):
            content.seek(0)
            previews.seek(0)
            pictures = tuple(previews.read(size) for size in sizes)
            return Cleaned(kind, pages, content, pictures, tuple(str(code) for code in codes), trace)
    return Refused("too_complex")


class _Alarm:
    """Kills a program that says nothing for a long time."""

    def __init__(self, program: subprocess.Popen[bytes]) -> None:
        self._program, self.rang = program, False
        self._stopped, self._heard_at = threading.Event(), time.monotonic()
        threading.Thread(target=self._watch, daemon=True).start()

    def set_again(self) -> None:
        """Start waiting again, because the program said something."""
        self._heard_at = time.monotonic()

    def stop(self) -> None:
        """Stop waiting."""
        self._stopped.set()

    def _watch(self) -> None:
        while (rest := self._heard_at + SILENT_SECONDS - time.monotonic()) > 0:
            if self._stopped.wait(rest):
                return
        self.rang = True
        _kill(self._program)
