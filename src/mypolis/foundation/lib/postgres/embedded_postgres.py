"""A PostgreSQL of our own for demos and tests, shared by several processes.

The first process that wants it starts it, later ones join, the last one out stops it. Each user holds
a shared lock on one file for as long as it lives; the kernel frees the lock of a killed one, so nobody has to
be trusted to sign off. Whoever starts or stops the server holds a second lock, the turn.
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
    """The PostgreSQL under `<home>/postgres/`, as one process uses it."""

    def __init__(self, home: Path) -> None:
        self._folder = home.resolve() / "postgres"
        self._cluster = Cluster(self._folder / "data")
        self._share: IO[str] | None = None

    def start(self) -> str:
        """Start the server or join it; return the URL of its database `mypolis`.

        A server or client that was killed before is cleared up after. Calling it again is harmless.
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
        """Stop using the server; it is stopped when nobody else uses it. Harmless when not started."""
        if self._share is None:
            return
        with self._turn():
            # Closed, not unlocked: a forked child that still lives keeps its parent's share.
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
    """Hold the embedded PostgreSQL of this home for the length of a block; yields its URL."""
    postgres = EmbeddedPostgres(home)
    url = postgres.start()
    try:
        yield url
    finally:
        postgres.release()
