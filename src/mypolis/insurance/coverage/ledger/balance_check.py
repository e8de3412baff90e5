"""Compares the monthly balances with the whole ledger, and rewrites them if they differ.

The expected values come from the database view `coverage_due`, which a migration creates.
"""

from django.db import connection, transaction

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.insurance.coverage.event_kinds import CoverageEvent

_DIFFERING = """
    WITH
        kept AS (
            SELECT membership_id, benefit, currency, month, reserved_amount, reserved_count, used_amount, used_count
            FROM coverage_balance
        ),
        due AS (SELECT * FROM coverage_due)
    SELECT count(*)
    FROM ((TABLE due EXCEPT TABLE kept) UNION (TABLE kept EXCEPT TABLE due)) AS differing
"""
_WRITE = """
    INSERT INTO coverage_balance
        (membership_id, benefit, currency, month, reserved_amount, reserved_count, used_amount, used_count)
    SELECT * FROM coverage_due
"""


def verify() -> int:
    """The number of rows that differ between balances and ledger, from one consistent snapshot."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERING)
        return int(cursor.fetchone()[0])


@transaction.atomic
def mend(*, by: Actor) -> int:
    """Rebuild all balances from the ledger if any differ, with writers locked out; returns how many differed."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE coverage_entry, coverage_balance IN SHARE ROW EXCLUSIVE MODE")
        differing = verify()
        if differing:
            cursor.execute("DELETE FROM coverage_balance")
            cursor.execute(_WRITE)
            record(CoverageEvent.COVER_BALANCES_MENDED, market="", by=by, rows=differing)
    return differing
