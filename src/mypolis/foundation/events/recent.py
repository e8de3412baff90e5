"""Counts of recent events, for the desk. Each reads at most a fixed number of events, so the trail may grow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from mypolis.foundation.events.kinds import Kind

_SINCE = """
    SELECT kind, (
        SELECT count(*) FROM (
            SELECT at FROM events_event WHERE market = %(market)s AND kind = asked.kind ORDER BY id DESC LIMIT %(most)s
        ) AS newest WHERE at >= %(since)s
    ) FROM unnest(%(kinds)s::text[]) AS asked (kind)
"""
_BY_DAY = """
    SELECT (at AT TIME ZONE %(zone)s)::date AS day, count(*) FROM (
        SELECT at FROM events_event WHERE market = %(market)s AND kind = %(kind)s ORDER BY id DESC LIMIT %(most)s
    ) AS newest WHERE at >= %(since)s GROUP BY day
"""
MOST = 20_000


@dataclass(frozen=True)
class DayCount:
    """How many events a day had, by the market's clock."""

    day: date
    count: int


def count_since(kinds: Sequence[Kind], *, market: str, since: datetime, most: int = 1_000) -> Mapping[str, int]:
    """Return how many events of each kind a market had since a moment; `most` if there were as many or more."""
    asked: dict[str, Any] = {"market": market, "kinds": [str(kind) for kind in kinds], "since": since, "most": most}
    with connection.cursor() as cursor:
        cursor.execute(_SINCE, asked)
        return dict(cursor.fetchall())


def count_by_day(
    kind: Kind, *, market: str, zone: ZoneInfo, until: date, days: int, most: int = MOST
) -> list[DayCount]:
    """Return the events of a kind for each of the last days up to `until`, the earliest first, days without any too.

    If there were more than `most`, the list begins later, with the first day that was counted completely.
    """
    first = until - timedelta(days=days - 1)
    since = datetime(first.year, first.month, first.day, tzinfo=zone)
    with connection.cursor() as cursor:
        asked: dict[str, Any] = {"market": market, "kind": str(kind), "zone": zone.key, "since": since, "most": most}
        cursor.execute(_BY_DAY, asked)
        found: dict[date, int] = dict(cursor.fetchall())
    if sum(found.values()) >= most:
        first = min(found) + timedelta(days=1)
    counted = (first + timedelta(days=after) for after in range((until - first).days + 1))
    return [DayCount(day, found.get(day, 0)) for day in counted]
