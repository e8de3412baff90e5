"""Uploads: how fast a file is acknowledged, and how much memory of the web process one in flight needs."""

import base64
import hashlib
import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from benchmarks.figure import Figure, compare
from benchmarks.ground import HOME, ROOT
from benchmarks.members import put_on_file
from benchmarks.sizes import sized
from mypolis.foundation.events import SYSTEM
from mypolis.membership.accounts.flows import create_account
from mypolis.membership.accounts.sessions.devices import sign_in

SIZE = sized(16 * 1024 * 1024, smoke=1024 * 1024)
AT_ONCE = 3  # as many as one process takes from a member with `THREADS` threads
THREADS = 6
PIECE = 64 * 1024
START_SECONDS = 60
SERVER = """
import sys, django
django.setup()
from mypolis.processes import serve
serve("127.0.0.1", int(sys.argv[1]))
"""


@dataclass(frozen=True)
class Server:
    """A web server with one process that takes uploads: its port, the process id, and a member's token and account."""

    port: int
    worker: int
    token: str
    account: int

    def request(self, line: str, *headers: str, body: bytes = b"") -> bytes:
        """Send one request on a new connection. Returns the head of the answer."""
        with self.connected(line, *headers, length=len(body)) as connection:
            connection.sendall(body)
            return _head(connection)

    @contextmanager
    def connected(self, line: str, *headers: str, length: int) -> Iterator[socket.socket]:
        """Send a request without its body."""
        named = ["Host: portal.example", f"Authorization: Bearer {self.token}", "Tus-Resumable: 1.0.0", *headers]
        head = [f"{line} HTTP/1.1", *named, f"Content-Length: {length}", "Connection: close", "", ""]
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.sendall("\r\n".join(head).encode())
            yield connection

    def created(self) -> str:
        """The path of a new upload."""
        pairs = {"shelf": str(self.account), "document": "photo", "filename": "photo.jpg"}
        told = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())
        head = self.request("POST /api/v1/rs/uploads", f"Upload-Length: {SIZE}", f"Upload-Metadata: {told}")
        return head.decode().partition("Location: ")[2].split("\r\n")[0]

    def patch_headers(self) -> tuple[str, str]:
        """The headers of the one PATCH that sends the whole file."""
        return "Upload-Offset: 0", "Content-Type: application/offset+octet-stream"


def figures(runs: int) -> Iterator[Figure]:
    """Both figures."""
    with _server() as server:
        yield _over_raw(server, runs)
        yield _memory(server, runs)


def _over_raw(server: Server, runs: int) -> Figure:
    content = secrets.token_bytes(SIZE)
    with _raw_server() as raw_port:
        found = compare(lambda: _raw(raw_port, content), lambda: _ours(server, content), runs=runs, times=5)
    rate = SIZE / found.theirs / 1e6
    return Figure(
        name="upload.over_raw",
        value=round(found.ratio, 2),
        unit="ratio",
        goal=0.5,
        runs=runs,
        of="median",
        note=f"raw socket to disk ÷ upload of {SIZE:,} bytes: {found}; {rate:.0f} MB/s",
        more=True,
    )


def _ours(server: Server, content: bytes) -> float:
    # The same bytes twice for one owner would be one file.
    path, fresh = server.created(), secrets.token_bytes(32) + content[32:]
    began = time.perf_counter()
    head = server.request(f"PATCH {path}", *server.patch_headers(), body=fresh)
    took = time.perf_counter() - began
    if b" 204 " not in head:
        raise RuntimeError(head.decode())
    return took


def _raw(port: int, content: bytes) -> float:
    began = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(content)
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1)
    return time.perf_counter() - began


@contextmanager
def _raw_server() -> Iterator[int]:
    """A process that does only what nobody can leave out: read, digest, encrypt, write, fsync, acknowledge."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        child = os.fork()
        if child == 0:
            try:
                _serve_raw(listener)
            finally:
                os._exit(0)
        try:
            yield listener.getsockname()[1]
        finally:
            os.kill(child, 15)
            os.waitpid(child, 0)


def _serve_raw(listener: socket.socket) -> None:
    while True:
        connection, _address = listener.accept()
        cipher, digest, number, waiting = AESGCM(secrets.token_bytes(32)), hashlib.sha256(), 0, bytearray()
        path = HOME / "raw-upload"
        with connection, path.open("wb", buffering=0) as file:
            while piece := connection.recv(1024 * 1024):
                digest.update(piece)
                waiting += piece
                while len(waiting) >= PIECE:
                    file.write(cipher.encrypt(number.to_bytes(12), bytes(waiting[:PIECE]), None))
                    del waiting[:PIECE]
                    number += 1
            file.write(cipher.encrypt(number.to_bytes(12), bytes(waiting), None))
            os.fsync(file.fileno())
            connection.sendall(b"1")


def _memory(server: Server, runs: int) -> Figure:
    content = secrets.token_bytes(SIZE)
    for _time in range(3):
        _ours(server, content)  # what the process loads and keeps anyway
    values = sorted(_extra(server, content) for _run in range(runs))
    return Figure(
        name="upload.rss_mib",
        value=round(values[len(values) // 2], 2),
        unit="MiB",
        goal=8,
        runs=runs,
        of="median",
        note=f"largest memory of the process during {AT_ONCE} uploads of {SIZE:,} bytes, less that before, for each",
    )


def _extra(server: Server, content: bytes) -> float:
    """How much larger the web process got per upload, in MiB, while several were in flight. The second half of each
    file is sent only after all first halves were read."""
    status = Path(f"/proc/{server.worker}/status")
    Path(f"/proc/{server.worker}/clear_refs").write_text("5")  # forget the largest size so far
    before = _kib(status, "VmRSS")
    gate = threading.Barrier(AT_ONCE)

    def send(_number: int) -> None:
        path = server.created()
        with server.connected(f"PATCH {path}", *server.patch_headers(), length=SIZE) as connection:
            connection.sendall(content[: SIZE // 2])
            gate.wait(START_SECONDS)
            connection.sendall(content[SIZE // 2 :])
            _head(connection)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(send, range(AT_ONCE)))
    return max(0, _kib(status, "VmHWM") - before) / 1024 / AT_ONCE


def _kib(status: Path, name: str) -> int:
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith(name))


def _head(connection: socket.socket) -> bytes:
    answer = b""
    while piece := connection.recv(65_536):
        answer += piece
    return answer.partition(b"\r\n\r\n")[0]


@contextmanager
def _server() -> Iterator[Server]:
    account = create_account(
        person=put_on_file("rs", 900_001), password_hash="-", language="sr-latn", contacts=[], by=SYSTEM
    )
    token = sign_in(account=account, known=None, by=SYSTEM).access_token
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "MYPOLIS_ROOMS": "tests.uploads.shelf",
        "MYPOLIS_WEB_WORKERS": "1",
        "MYPOLIS_WEB_THREADS": str(THREADS),
        "PYTHONPATH": str(ROOT),
    }
    process = subprocess.Popen([sys.executable, "-c", SERVER, str(port)], env=environment, cwd=ROOT)
    try:
        _wait_for(port)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        yield Server(port, int(children[0]), token, account.pk)
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), 5) as connection:
                connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: portal.example\r\nConnection: close\r\n\r\n")
                if connection.recv(1):
                    return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
