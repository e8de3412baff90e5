"""Locks with a name: for work that only one process may do at a time, where there is no row to lock."""

from django.db import connection


def lock_name(name: str) -> None:
    """Wait until nobody else holds the lock of this name, and hold it until the end of the transaction.

    A name such as "people:rs" begins with what is locked. Another name with the same 64-bit digest only waits longer.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
