"""A breaker: while a partner is away one caller at a time waits for it, and the others are told at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Away(Exception):
    """It did not answer a moment ago, and somebody is just trying again."""


class Breaker:
    """Closed as long as attempts succeed. After one fails, only one caller at a time may try, until one succeeds.

    There is no clock in it: recovery is noticed by the first attempt that succeeds.
    """

    def __init__(self) -> None:
        self._trying = threading.Lock()
        self._open = False

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Try for the length of the block; raising from it is failing. Raises Away to those whose turn it is not."""
        if not self._open:
            with self._told():
                yield
            return
        if not self._trying.acquire(blocking=False):
            raise Away
        try:
            with self._told():
                yield
        finally:
            self._trying.release()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self._open = True
            raise
        self._open = False
