"""A circuit breaker: while a partner is unavailable, one caller at a time tries it, and the others fail at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Away(Exception):
    """The last attempt failed, and another caller is trying again right now."""


class Breaker:
    """Closed while attempts succeed. After a failure, only one caller at a time may try, until an attempt succeeds.

    There is no timeout: the first successful attempt closes the breaker.
    """

    def __init__(self) -> None:
        self._trying = threading.Lock()
        self._open = False

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Make an attempt; an exception in the block is a failure. Raises Away if another caller is trying."""
        if not self._open:
            with self._outcome_noted():
                yield
            return
        if not self._trying.acquire(blocking=False):
            raise Away
        try:
            with self._outcome_noted():
                yield
        finally:
            self._trying.release()

    @contextmanager
    def _outcome_noted(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self._open = True
            raise
        self._open = False
