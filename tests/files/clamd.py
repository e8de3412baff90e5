"""A real clamd with one signature that the tests make, and a gate before it that can disturb it.

clamd says how old its definitions are only for the signed databases of ClamAV, which tests do not download. So the gate
answers `VERSION` itself, with the date that a test wants, and passes everything else on to the real clamd.
"""

import os
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mypolis.foundation.files.scanning.clamd import Clamd
from mypolis.foundation.files.scanning.standin import EICAR
from tests.waiting import until

PROGRAM = Path("/usr/sbin/clamd")
MOST_BYTES = 4 << 20
"""The longest stream that the test's clamd takes."""

_SETTINGS = """
DatabaseDirectory {folder}/signatures
LocalSocket {folder}/clamd.sock
TemporaryDirectory {folder}
Foreground yes
SelfCheck 86400
StreamMaxLength {most}
AlertExceedsMax yes
AlertEncrypted yes
"""


@contextmanager
def running_clamd(folder: Path) -> Iterator[Path]:
    """Run clamd in the block. Yields the path of its socket."""
    assert PROGRAM.exists(), "clamd is missing: run `python3 tools/prepare.py --scanner` as root"
    (folder / "signatures").mkdir()
    (folder / "signatures" / "test.ndb").write_text(f"Test.Eicar:0:*:{EICAR.hex()}\n")
    settings = folder / "clamd.conf"
    settings.write_text(_SETTINGS.format(folder=folder, most=MOST_BYTES))
    with (folder / "clamd.log").open("wb") as log:
        process = subprocess.Popen([PROGRAM, "--config-file", settings], stdout=log, stderr=log)
        try:
            path = folder / "clamd.sock"
            until(lambda: _answers(path) or process.poll() is not None)
            assert process.poll() is None, (folder / "clamd.log").read_text()
            yield path
        finally:
            process.kill()
            process.wait()


def _answers(path: Path) -> bool:
    with suppress(OSError), socket.socket(socket.AF_UNIX) as line:
        line.connect(str(path))
        line.sendall(b"zPING\0")
        return line.recv(100) == b"PONG\0"
    return False


class Gate:
    """Stands before clamd. `made` is when the definitions were made; None: clamd says no date.

    `broken` closes each connection at once, as do more scans than `breaks_after`. `unfinished` closes it in the middle
    of the answer. `hold` keeps scans waiting; `held` is how many of them have waited since.
    """

    def __init__(self, path: Path, behind: Path) -> None:
        self.path, self._behind = path, behind
        self.made: datetime | None = datetime.now(UTC) - timedelta(days=1)
        self.broken = self.unfinished = False
        self.scans = 0
        self.breaks_after: int | None = None
        self.held = 0
        self._holds: Callable[[], object] = lambda: False
        self._released = threading.Event()
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen(50)
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        """The address for `MYPOLIS_SCANNER_URL`."""
        return f"unix://{self.path}"

    def scanner(self) -> Clamd:
        """A new scanner for this address, which has not yet asked how old the definitions are."""
        return Clamd(str(self.path))

    def hold(self, *, when: Callable[[], object] = lambda: True) -> None:
        """Keep each scan waiting until `release` that begins when `when` says so."""
        self._released.clear()
        self._holds, self.held = when, 0

    def release(self) -> None:
        """Let all scans pass."""
        self._holds = lambda: False
        self._released.set()

    def close(self) -> None:
        """Refuse connections from now on."""
        self._listener.close()
        with suppress(FileNotFoundError):
            os.unlink(self.path)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                line, _address = self._listener.accept()
                threading.Thread(target=self._pass_on, args=(line,), daemon=True).start()

    def _pass_on(self, line: socket.socket) -> None:
        with line, suppress(OSError):
            if self.broken or (self.breaks_after is not None and self.scans > self.breaks_after):
                return
            request = line.recv(65_536)
            if request.startswith(b"zVERSION"):
                line.sendall(self._version())
                return
            self.scans += 1
            if self._holds():
                self.held += 1
                self._released.wait()
            with socket.socket(socket.AF_UNIX) as clamd:
                clamd.connect(str(self._behind))
                clamd.sendall(request)
                threading.Thread(target=_copy, args=(line, clamd), daemon=True).start()
                answer = clamd.recv(4096)
                line.sendall(answer[:5] if self.unfinished else answer)

    def _version(self) -> bytes:
        date = "" if self.made is None else f"/27500/{self.made:%a %b %e %H:%M:%S %Y}"
        return f"ClamAV 1.4.6{date}".encode() + b"\0"


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(65_536):
            target.sendall(part)
        target.shutdown(socket.SHUT_RDWR)  # the client is gone, or needs no more answer
