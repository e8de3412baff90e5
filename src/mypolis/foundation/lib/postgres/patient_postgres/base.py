"""The backend that `settings.DATABASES` names; Django looks for `DatabaseWrapper` here.

Without the breaker every thread of a web process would wait for a database that is away, and nobody would be
left to say so, nor to answer `/healthz`.
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
    """A child starts with a breaker of its own: a thread of its parent may just have been trying."""
    global _breaker  # noqa: PLW0603 - one for each process
    _breaker = Breaker()


os.register_at_fork(after_in_child=_after_fork)


class DatabaseWrapper(base.DatabaseWrapper):
    """As Django's, but one thread of a process waits for a database that is away; others fail at once."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection. Raises psycopg.OperationalError, at once where another thread is trying already."""
        try:
            with _breaker.attempt():
                return super().get_new_connection(conn_params)
        except Away:
            raise psycopg.OperationalError("the database was away a moment ago") from None

    _gathered: list[Any] | None = None
    _gathered_before: dict[str, int]

    @contextmanager
    def gathering(self) -> Iterator[list[Any]]:
        """What `gather` is given in this block. The caller writes it at the end, in the same transaction."""
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
        """Keep something for the end of the block, unless a savepoint that is open now is rolled back."""
        if self._gathered is None:
            raise RuntimeError("nothing is being gathered")
        self._gathered.append(item)

    def savepoint(self) -> str | None:
        """As Django's; remembers what was gathered before it."""
        sid = super().savepoint()
        if sid is not None and self._gathered is not None:
            self._gathered_before[sid] = len(self._gathered)
        return sid

    def savepoint_rollback(self, sid: str) -> None:
        """As Django's; what was gathered since is forgotten."""
        super().savepoint_rollback(sid)
        if self._gathered is not None:
            del self._gathered[self._gathered_before.get(sid, 0) :]
