"""Counts how often each limit refused somebody, per market and day. No keys: nobody can be found by these counts.

A refusal undoes the transaction in which it was raised, so it is only noted there. The middleware counts what was noted
after the request, with one statement. Refusals in commands and jobs are not counted.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any

import structlog
from django.db import DatabaseError, connection
from django.db.models import Q

from mypolis.foundation.guards.models import Refusals
from mypolis.foundation.markets import all_markets

_COUNT = """
    INSERT INTO guards_refusals AS r (market, "limit", day, count)
    SELECT %(market)s, name, %(day)s, times FROM unnest(%(names)s::text[], %(times)s::int[]) AS noted (name, times)
    ORDER BY name
    ON CONFLICT (market, "limit", day) DO UPDATE SET count = r.count + excluded.count
"""

_noted: ContextVar[list[str] | None] = ContextVar("refusals", default=None)
_log = structlog.get_logger(__name__)


def note_refusal(limit: str) -> None:
    """Remember that a limit refused somebody, until the request ends."""
    noted = _noted.get()
    if noted is not None:
        noted.append(limit)


@contextmanager
def refusals_counted(*, market: str) -> Iterator[None]:
    """Count what is noted in the block. Call it outside of transactions. "" is for pages of no market."""
    noted: list[str] = []
    token = _noted.set(noted)
    try:
        yield
    finally:
        _noted.reset(token)
        if noted:
            _count(noted, market=market, day=day_of(market))


def day_of(market: str) -> date:
    """Return today by the market's clock; for pages of no market by the clock of the first market."""
    markets = all_markets()
    return markets[market if market in markets else min(markets)].today()


def refusals_today(market: str) -> Mapping[str, int]:
    """Return how often each limit refused somebody today, in a market or on pages of none; most first."""
    here, nowhere = Q(market=market, day=day_of(market)), Q(market="", day=day_of(""))
    rows = Refusals.objects.filter(here | nowhere).values_list("limit", "count")
    found: Counter[str] = Counter()
    for limit, count in rows:
        found[limit] += count
    return dict(found.most_common())


def _count(noted: list[str], *, market: str, day: date) -> None:
    """Add to the counts of a day. Without a database nothing is counted: the response matters more."""
    times = Counter(noted)
    try:
        with connection.cursor() as cursor:
            values: dict[str, Any] = {"market": market, "day": day, "names": list(times), "times": list(times.values())}
            cursor.execute(_COUNT, values)
    except DatabaseError as error:
        _log.warning("refusals.not_counted", error=type(error).__name__)
