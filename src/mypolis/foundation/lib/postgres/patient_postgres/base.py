"""The backend that `settings.DATABASES` names; Django looks for `DatabaseWrapper` here.

Without the breaker every thread of a web process would wait for a database that is away, and nobody would be
left to say so, nor to answer `/healthz`.
"""

import os
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
