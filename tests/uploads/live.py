"""A running portal with a shelf, a proxy that cuts connections, and what is on the shelf afterwards."""

import json
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.e2e.walking.running import Demo, running_demo
from tests.house.places import ROOT
from tests.operating.test_cli import environment

WITH_SHELF = {"MYPOLIS_ROOMS": "tests.uploads.shelf", "PYTHONPATH": str(ROOT)}


@dataclass(frozen=True)
class Portal:
    """A running demo with a shelf; `account` and `token` are those of a signed-in member."""

    demo: Demo
    account: str
    token: str

    def shelf(self) -> list[dict[str, Any]]:
        """What is on the shelf: each file's name, size, `sha256`, the digest of what is `stored`, and its pixels."""
        asked = urllib.request.Request(
            f"{self.demo.url}/rs/shelf/list/", headers={"Cookie": f"session-rs={self.token}"}
        )
        with urllib.request.urlopen(asked, timeout=60) as answer:
            found: list[dict[str, Any]] = json.loads(answer.read())["files"]
        return found


@contextmanager
def portal_with_shelf(home: Path) -> Iterator[Portal]:
    """Start a demo with a shelf, and sign a member in."""
    with running_demo(home, **WITH_SHELF) as demo:
        told = opened_shelf(home)
        yield Portal(demo, str(told["account"]), told["token"])


def opened_shelf(home: Path) -> Any:
    """Sign a member in, by the shelf's command in the demo's home."""
    done = subprocess.run(
        [sys.executable, "-m", "mypolis.cli", "shelf"],
        env=environment(home, **WITH_SHELF),
        cwd=home,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


class Cutter:
    """A proxy in front of a server that cuts connections. `port` is where it listens, `made` counts the cuts."""

    def __init__(self, server: str) -> None:
        split = urlsplit(server)
        self._server = (split.hostname or "", split.port or 0)
        self._turn = threading.Lock()
        self._after: list[int] = []
        self.port, self.made = 0, 0

    @property
    def url(self) -> str:
        """The proxy's address."""
        return f"http://localhost:{self.port}"

    def cut(self, *after: int) -> None:
        """Cut connections from now on: the one that carries the byte with this number to the server, not counting what
        came before the last cut. None of its later bytes passes. After the last cut connections stay whole."""
        with self._turn:
            self._after, self.made = list(after), 0

    @contextmanager
    def serving(self) -> Iterator["Cutter"]:
        """Listen in the block."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
            threading.Thread(target=self._accept, args=[listener], daemon=True).start()
            yield self

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _address = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=[client], daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with client, socket.create_connection(self._server) as server:
            threading.Thread(target=_pump, args=[server, client], daemon=True).start()
            try:
                while piece := client.recv(65_536):
                    passes = self._passing(len(piece))
                    server.sendall(piece[:passes])
                    if passes < len(piece):
                        for line in (server, client):
                            line.shutdown(socket.SHUT_RDWR)
                        return
                server.shutdown(socket.SHUT_WR)
                server.recv(1, socket.MSG_PEEK)
            except OSError:
                return

    def _passing(self, count: int) -> int:
        """How many of these bytes pass; fewer than all if the connection is to be cut."""
        with self._turn:
            if not self._after:
                return count
            if self._after[0] >= count:
                self._after[0] -= count
                return count
            self.made += 1
            return self._after.pop(0)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while piece := source.recv(65_536):
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        return
