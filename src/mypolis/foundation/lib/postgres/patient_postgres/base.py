"""The backend that `settings.DATABASES` names; Django looks for `DatabaseWrapper` here.

Without the breaker, every thread of a web process would wait for an unavailable database, and no thread would be left
to respond with an error or to answer `/healthz`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db.backends.postgresql import base

from mypolis.foundation.lib.circuit_breaker import Away, Breaker

_breaker = Breaker()


def _after_fork() -> None:
    """Give a child process a new breaker, because a thread of the parent may be in the middle of an attempt."""
    global _breaker  # noqa: PLW0603 - one for each process
    _breaker = Breaker()


os.register_at_fork(after_in_child=_after_fork)


class DatabaseWrapper(base.DatabaseWrapper):
    """Like Django's, but only one thread per process waits for an unavailable database; others fail at once."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open a connection. Raises psycopg.OperationalError; at once, if another thread is trying already."""
        try:
            with _breaker.attempt():
                return super().get_new_connection(conn_params)
        except Away:
            raise psycopg.OperationalError("the database was away a moment ago") from None

    _gathered: list[Any] | None = None
    _gathered_before: dict[str, int]

    @contextmanager
    def gathering(self) -> Iterator[list[Any]]:
        """Collect what `gather` gets in this block. The caller writes it at the end, in the same transaction."""
        self._gathered, self._gathered_before = [], {}
        try:
            yield self._gathered
        finally:
            self._gathered = None

    @property
    def is_gathering(self) -> bool:
        """Whether a `gathering` block is running."""
        return self._gathered is not None

    def gather(self, item: Any) -> None:
        """Keep an item until the end of the block. It is dropped if a currently open savepoint is rolled back."""
        if self._gathered is None:
            raise RuntimeError("nothing is being gathered")
        self._gathered.append(item)

    def savepoint(self) -> str | None:
        """Like Django's; also remember what was gathered before it."""
        sid = super().savepoint()
        if sid is not None and self._gathered is not None:
            self._gathered_before[sid] = len(self._gathered)
        return sid

    def savepoint_rollback(self, sid: str) -> None:
        """Like Django's; also drop what was gathered since the savepoint."""
        super().savepoint_rollback(sid)
        if self._gathered is not None:
            del self._gathered[self._gathered_before.get(sid, 0) :]
