"""Counts how often each limit refused somebody, per market and day. No keys: nobody can be found by these counts.

A refusal undoes the transaction in which it was raised, so it is only noted there, and counted after the request. Under
a flood that must stay cheap: a process collects its counts and writes them every few seconds, and a write never waits
for a row that somebody else has locked. Counts that a process did not write when it ended are lost. Refusals in
commands and jobs are not counted.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date

import structlog
from django.db import DatabaseError, connection
from django.db.models import Q

from mypolis.foundation.guards.models import Refusals
from mypolis.foundation.markets import all_markets

EVERY_SECONDS = 2.0

# Adds to a row of the same market, limit and day that nobody has locked, or else to a new one: so it never waits, and
# there are at most as many rows as there were writers at once.
_WRITE = """
    WITH noted AS (
        SELECT * FROM unnest(%(markets)s::text[], %(limits)s::text[], %(days)s::date[], %(times)s::int[])
        AS noted (market, "limit", day, times)
    ), free AS (
        SELECT noted.*, found.id FROM noted CROSS JOIN LATERAL (
            SELECT id FROM guards_refusals AS r
            WHERE r.market = noted.market AND r."limit" = noted."limit" AND r.day = noted.day
            LIMIT 1 FOR UPDATE SKIP LOCKED
        ) AS found
    ), added AS (
        UPDATE guards_refusals AS r SET count = r.count + free.times FROM free WHERE r.id = free.id RETURNING r.id
    )
    INSERT INTO guards_refusals (market, "limit", day, count)
    SELECT market, "limit", day, times FROM noted
    WHERE (market, "limit", day) NOT IN (SELECT market, "limit", day FROM free)
"""

type _Counts = Counter[tuple[str, str, date]]  # market, limit, day

_noted: ContextVar[list[str] | None] = ContextVar("refusals", default=None)
_log = structlog.get_logger(__name__)
_lock = threading.Lock()
_waiting: _Counts = Counter()
_write_at = 0.0  # by the monotonic clock of this process


def note_refusal(limit: str) -> None:
    """Remember that a limit refused somebody, until the request ends."""
    noted = _noted.get()
    if noted is not None:
        noted.append(limit)


@contextmanager
def refusals_counted(*, market: str) -> Iterator[None]:
    """Count what is noted in the block, and write what waits if it is time. Call it outside of transactions.

    "" is for pages of no market.
    """
    noted: list[str] = []
    token = _noted.set(noted)
    try:
        yield
    finally:
        _noted.reset(token)
        if noted or _waiting:
            day = day_of(market)
            due = _add(Counter((market, limit, day) for limit in noted))
            if due:
                _write(due)


def day_of(market: str) -> date:
    """Return today by the market's clock; for pages of no market by the clock of the first market."""
    markets = all_markets()
    return markets[market if market in markets else min(markets)].today()


def refusals_today(market: str) -> Mapping[str, int]:
    """Return how often each limit refused somebody today, in a market or on pages of none; most first.

    What processes did not write yet is missing.
    """
    here, nowhere = Q(market=market, day=day_of(market)), Q(market="", day=day_of(""))
    rows = Refusals.objects.filter(here | nowhere).values_list("limit", "count")
    found: Counter[str] = Counter()
    for limit, count in rows:
        found[limit] += count
    return dict(found.most_common())


def _add(counts: _Counts) -> _Counts:
    """Let counts wait. Returns all that wait if it is time to write them, and nothing otherwise."""
    global _waiting, _write_at
    with _lock:
        _waiting.update(counts)
        now = time.monotonic()
        if now < _write_at:
            return Counter()
        due, _waiting, _write_at = _waiting, Counter(), now + EVERY_SECONDS
        return due


def _write(counts: _Counts) -> None:
    """Add to the counts of their days. Without a database nothing is counted: the response matters more."""
    markets, limits, days = zip(*counts, strict=True)
    values = {"markets": list(markets), "limits": list(limits), "days": list(days), "times": list(counts.values())}
    try:
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, values)
    except DatabaseError as error:
        _log.warning("refusals.not_counted", error=type(error).__name__)
