"""Sent claims in the order in which they were changed: a program that remembers where it was misses none.

A change gets its time before it can be seen, so an order by time would have gaps: a long transaction ends after newer
ones were read. The order is that of the transactions instead, and only those before the oldest open one are read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from mypolis.foundation.lib.dates import DateError, parse_moment
from mypolis.foundation.markets import Profile
from mypolis.insurance.claims.models import Claim

PAGE = 100
_NO_CLAIM = UUID(int=0)
_CURSOR = re.compile(r"([0-9]{1,18})-([0-9a-f]{32})")
# The oldest transaction that is still open and may be in this database; without one, the next that will begin. A
# transaction of another database cannot change claims, but is in the snapshot, too.
_OLDEST_OPEN = """
    SELECT coalesce(
        (SELECT min(open::text::bigint) FROM pg_snapshot_xip(now) AS open WHERE NOT EXISTS (
            SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid)
            WHERE locktype = 'transactionid' AND granted AND transactionid = open::xid AND mode = 'ExclusiveLock'
              AND datname <> current_database()
        )),
        pg_snapshot_xmax(now)::text::bigint
    ) FROM pg_current_snapshot() AS now
"""
# What this transaction wrote itself is safe, too; its number may lie beyond the snapshot's end, which follows the last
# transaction that has ended. Numbers that lie ahead of both came with a copy from another database.
_CHANGED = """
    SELECT id, changed_in FROM claims_claim, (
        SELECT own, greatest(pg_snapshot_xmax(pg_current_snapshot())::text::bigint, own + 1) AS ahead
        FROM (SELECT pg_current_xact_id_if_assigned()::text::bigint AS own) AS this
    ) AS at
    WHERE market = %(market)s AND number <> ''
      AND (changed_in < %(oldest)s OR changed_in = at.own OR changed_in >= at.ahead)
      AND (changed_in, id) > (CASE WHEN %(changed_in)s >= at.ahead THEN -1 ELSE %(changed_in)s END, %(id)s)
      AND (%(since)s::timestamptz IS NULL OR touched_at >= %(since)s)
    ORDER BY changed_in, id LIMIT %(most)s
"""


class UnknownPosition(ValueError):
    """The text is neither a time nor a position that we named."""


@dataclass(frozen=True)
class Position:
    """How far a program has read; `since` is set for the first page only, if it asked for a time."""

    changed_in: int = -1
    last: UUID = _NO_CLAIM
    since: datetime | None = None

    @classmethod
    def read(cls, text: str) -> "Position":
        """The `next` of an earlier page, a time with its zone, or empty for the beginning. Raises UnknownPosition."""
        if not text:
            return cls()
        if found := _CURSOR.fullmatch(text):
            return cls(int(found[1]), UUID(found[2]))
        try:
            return cls(since=parse_moment(text))
        except DateError:
            raise UnknownPosition from None

    def __str__(self) -> str:
        return f"{self.changed_in}-{self.last.hex}" if self.changed_in >= 0 else ""


@dataclass(frozen=True)
class Page:
    """Some changed claims, and the position after them. `is_last`: there was nothing more when it was read."""

    claims: Sequence[UUID]
    position: Position
    is_last: bool


def changed_claims(profile: Profile, position: Position) -> Page:
    """The next sent claims of a market that were changed after a position. A claim comes again after each change."""
    after: dict[str, int | str | UUID | datetime | None] = {
        "changed_in": position.changed_in,
        "id": position.last,
        "since": position.since,
    }
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST_OPEN)  # before the rows: these show what is committed meanwhile
        after["oldest"] = cursor.fetchone()[0]
        cursor.execute(_CHANGED, after | {"market": profile.code, "most": PAGE})
        rows = cursor.fetchall()
    if not rows:
        return Page((), position, is_last=True)
    key, changed_in = rows[-1]
    return Page([row[0] for row in rows], Position(changed_in, key), is_last=len(rows) < PAGE)


def sent_claim(profile: Profile, number: str) -> Claim | None:
    """A sent claim by its number; None if the market has no such claim."""
    rows = Claim.objects.sent().select_related("membership__policy", "membership__person", "pay_to")
    return rows.filter(market=profile.code, number=number).first()
