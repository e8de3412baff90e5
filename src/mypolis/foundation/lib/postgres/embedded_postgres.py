"""An embedded PostgreSQL for demos and tests, shared by several processes.

The first process starts the server, later ones join, and the last one stops it. Each process holds a shared lock on one
file while it uses the server; the kernel releases the lock of a killed process. A process that starts or stops the
server holds a second lock, the turn.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from mypolis.foundation.lib.postgres.postgres_cluster import Cluster
from mypolis.foundation.lib.postgres.postgres_tools import ELSEWHERE, EmbeddedPostgresError

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError", "running"]


class EmbeddedPostgres:
    """One process's use of the PostgreSQL under `<home>/postgres/`."""

    def __init__(self, home: Path) -> None:
        self._folder = home.resolve() / "postgres"
        self._cluster = Cluster(self._folder / "data")
        self._share: IO[str] | None = None

    def start(self) -> str:
        """Start the server or join it; return the URL of its database `mypolis`.

        It cleans up after a killed server or client. Safe to call again.
        Raises EmbeddedPostgresError.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with self._turn():
                url = self._cluster.serve()
                self._share = self._share or self._open_share()
        except OSError as error:
            raise EmbeddedPostgresError(f"Cannot keep a database in {self._folder}: {error}. {ELSEWHERE}") from error
        return url

    def release(self) -> None:
        """Stop using the server, and stop it if no other process uses it. Safe if it was not started."""
        if self._share is None:
            return
        with self._turn():
            # Close the file instead of unlocking it: a living forked child then keeps the shared lock.
            self._share.close()
            self._share = None
            if self._nobody_is_left():
                self._cluster.stop()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with (self._folder / "turn").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _open_share(self) -> IO[str]:
        share = (self._folder / "users").open("a")
        fcntl.flock(share, fcntl.LOCK_SH)
        return share

    def _nobody_is_left(self) -> bool:
        with (self._folder / "users").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
        return True


@contextmanager
def running(home: Path) -> Iterator[str]:
    """Use the embedded PostgreSQL of this home in a block; yields its URL."""
    postgres = EmbeddedPostgres(home)
    url = postgres.start()
    try:
        yield url
    finally:
        postgres.release()
