"""Writes events over another connection at the same time."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.keys.event_kinds import KeyEvent

OPERATOR = Actor("staff", "3", "192.0.2.50", "the tests")


def note(number: int) -> None:
    record(KeyEvent.KEYS_ROTATED, market="", by=OPERATOR, number=number)


class _Undone(Exception):
    """Rolls a transaction back."""


@contextmanager
def a_long_transaction(number: int, *, ends_well: bool = True) -> Iterator[Callable[[], None]]:
    """Write an event over another connection, whose transaction stays open until the returned function is called."""
    written, asked = threading.Event(), threading.Event()

    def write() -> None:
        try:
            with transaction.atomic():
                note(number)
                written.set()
                asked.wait(30)
                if not ends_well:
                    raise _Undone
        except _Undone:
            pass
        finally:
            connection.close()

    writer = threading.Thread(target=write)

    def end() -> None:
        asked.set()
        writer.join(30)

    writer.start()
    assert written.wait(30)
    try:
        yield end
    finally:
        end()
