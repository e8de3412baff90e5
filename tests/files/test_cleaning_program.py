"""The program that cleans a file: what it may do, when it ends, and that its result is checked."""

import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Pdf, Stream

from mypolis.foundation.files.cleaning import cleaner
from mypolis.foundation.files.cleaning.cleaner import CleanerStuckError
from mypolis.foundation.files.cleaning.frames import BrokenFramesError, read_frames, write_result, write_stream
from mypolis.foundation.files.cleaning.limits import MEMORY_BYTES
from tests.effort import examples
from tests.files.cleaned import cleaned
from tests.files.good_files import document, picture
from tests.waiting import until


def test_the_program_gets_the_file_and_nothing_else() -> None:
    seen: list[tuple[bytes, list[str], dict[str, str]]] = []

    def look(_stream: object) -> None:
        (program,) = (Path(f"/proc/{number}") for number in children())
        files = [os.readlink(one) for one in (program / "fd").iterdir()]
        limits = re.findall(r"(?m)^(Max [a-z ]+?)  +(\d+|unlimited)", (program / "limits").read_text())
        seen.append(((program / "environ").read_bytes(), files, dict(limits)))

    cleaned(document(long), look=look)
    for environment, files, limits in seen:
        assert environment == b""
        assert limits["Max address space"] == str(MEMORY_BYTES)
        assert limits["Max cpu time"] == "20"
        assert limits["Max core file size"] == "0"
        assert {re.sub(r"\d+", "", name) for name in files} <= {"/memfd:mypolis (deleted)", "pipe:[]", "/dev/null"}
    assert seen


def long(pdf: Pdf) -> None:
    """Add so much that the program waits for its reader."""
    pdf.Root.Long = Stream(pdf, random.Random(1).randbytes(1 << 20))


def children() -> list[str]:
    """The process ids of our children that run the program."""
    mine = [text for task in Path("/proc/self/task").iterdir() for text in (task / "children").read_text().split()]
    return [pid for pid in mine if b"cleaning.child" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def test_the_program_leaves_the_network_where_the_kernel_allows_it() -> None:
    networks = set()
    cleaned(
        document(long), look=lambda _stream: networks.update(os.readlink(f"/proc/{pid}/ns/net") for pid in children())
    )
    ours = os.readlink("/proc/self/ns/net")
    assert (networks == {ours}) == (not may_leave_the_network())


def may_leave_the_network() -> bool:
    """Whether the kernel lets a process like ours leave the network: some containers do not."""
    flags = ["--net"] if os.geteuid() == 0 else ["--user", "--net"]
    return subprocess.run(["unshare", *flags, "true"], capture_output=True, check=False).returncode == 0


def test_the_program_ends_with_whoever_started_it(tmp_path: Path) -> None:
    """A worker that is killed leaves no program behind, not even one that does nothing."""
    (tmp_path / "long.pdf").write_bytes(document(long))
    starts_and_stops_it = f"""
import os, pathlib, signal, sys
from mypolis.foundation.files.cleaning.cleaner import clean

def look(stream):
    children = "".join(path.read_text() for path in pathlib.Path("/proc/self/task").glob("*/children"))
    os.kill(int(children), signal.SIGSTOP)
    print(children, flush=True)
    signal.pause()

clean(open({str(tmp_path / "long.pdf")!r}, "rb"), look=look)
"""
    with subprocess.Popen([sys.executable, "-c", starts_and_stops_it], stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout
        pid = int(worker.stdout.readline())
        worker.kill()
    until(lambda: not is_alive(pid))


def is_alive(pid: int) -> bool:
    """Whether a process runs or is stopped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def test_what_the_program_started_is_killed_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = tmp_path / "started"
    other = tmp_path / "program"
    other.write_text(f"#!/bin/sh\nsleep 60 &\necho $! > {started}\n")
    other.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(other))
    monkeypatch.setattr(cleaner, "SILENT_SECONDS", 0.5)
    with pytest.raises(CleanerStuckError):
        cleaned(picture())
    until(lambda: not is_alive(int(started.read_text())))


@pytest.mark.parametrize(
    "written",
    [
        b"P" + (1 << 30).to_bytes(4),
        b"R" + (1 << 30).to_bytes(4),
        b"E" + (1).to_bytes(4) + b"x",
        b"X" + bytes(4),
        b"R" + (1).to_bytes(4) + b"{",
        b"R" + (2).to_bytes(4) + b"[]",
        *(
            b"R" + len(text).to_bytes(4) + text
            for text in (
                b"{}",
                b'{"refused": "because"}',
                b'{"media_type": "text/html", "pages": 1, "previews": [9], "codes": [], "trace": ""}',
                b'{"media_type": "image/jpeg", "pages": 9, "previews": [9], "codes": [], "trace": ""}',
                b'{"media_type": "image/jpeg", "pages": 1, "previews": ["x"], "codes": [], "trace": ""}',
                b'{"media_type": "image/jpeg", "pages": 1, "previews": [9], "codes": [], "trace": "forged"}',
            )
        ),
    ],
)
def test_a_program_that_a_file_took_over_is_not_believed(
    written: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is killed at once, and its file refused."""
    (tmp_path / "says").write_bytes(written)
    other = tmp_path / "program"
    other.write_text(f"#!/bin/sh\ncat {tmp_path / 'says'}\nexec sleep 600\n")
    other.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(other))
    assert cleaned(picture()).reason == "too_complex"


def test_a_program_that_does_not_start_is_not_the_files_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaner, "_PROGRAM", "mypolis.foundation.files.cleaning.nothing")
    with pytest.raises(CleanerStuckError):
        cleaned(picture())


def test_a_program_that_says_nothing_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaner, "SILENT_SECONDS", 0.01)
    with pytest.raises(CleanerStuckError):
        cleaned(picture((3000, 2000)))


@given(st.lists(st.binary(max_size=200_000), max_size=3), st.integers(0, 300_000))
@settings(max_examples=examples(50, quick=10))
def test_frames_come_through_or_the_reader_notices_that_they_were_cut(streams: list[bytes], cut: int) -> None:
    pipe = BytesIO()
    for stream in streams:
        write_stream(pipe, stream)
    write_result(pipe, {"pages": 1})
    whole = pipe.getvalue()
    assert [stream_of(frame) for frame in read_frames(BytesIO(whole))] == [*streams, {"pages": 1}]
    with pytest.raises(BrokenFramesError):
        list(map(stream_of, read_frames(BytesIO(whole[: min(cut, len(whole) - 1)]))))


def stream_of(frame: Iterator[bytes] | dict[str, object]) -> bytes | dict[str, object]:
    return frame if isinstance(frame, dict) else b"".join(frame)
