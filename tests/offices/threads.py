"""Two things at once, each on a database connection of its own."""

from collections.abc import Callable
from threading import Thread
from typing import Any

from django.db import connection, transaction

from tests.waiting import until

_WAITS_FOR_A_NAMED_LOCK = (  # pg_stat_activity would say the same all through a transaction
    "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory' "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def at_once(*acts: Callable[[], Any], but: type[Exception] = LookupError) -> list[object]:
    """What each act returned, or the exception of the type `but` that it raised."""
    came: list[object] = []

    def run(act: Callable[[], Any]) -> None:
        try:
            came.append(act())
        except but as error:
            came.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(came) == len(acts), "one of them failed otherwise"
    return came


def second_waits(first: Callable[[], Any], second: Callable[[], Any], *, but: type[Exception]) -> object:
    """What the second act returned, or the exception that it raised. It began before the first one was committed.

    It fails if the second act needs no named lock that the first one holds: then it was over before the commit.
    """
    came: list[object] = []

    def run() -> None:
        try:
            came.append(second())
        except but as error:
            came.append(error)
        finally:
            connection.close()

    def is_waiting_or_over() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(_WAITS_FOR_A_NAMED_LOCK)
            return bool(cursor.fetchone()[0]) or not thread.is_alive()

    thread = Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        until(is_waiting_or_over)
        assert thread.is_alive(), "the second act did not wait for the first"
    thread.join()
    return came[0]
