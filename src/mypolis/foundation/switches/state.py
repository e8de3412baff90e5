"""What is switched now, in all markets. Pages read it from memory; each process reads the tables every two seconds.

So a switch acts everywhere within two seconds, and in the process that switched at its next request. Pages cost no
statement, and pages that need no database still need none while it is away: then the last state is kept.
"""

import json
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

LIFE_SECONDS = 2.0
AFTER_FAILURE_SECONDS = 10.0

# One statement for both tables: rooms that are off, and notices that did not end.
_READ = """
    SELECT 'room', market, room, texts::text, since, since FROM switches_switchedoff
    UNION ALL
    SELECT 'banner', market, severity, texts::text, starts_at, ends_at FROM switches_banner
    WHERE withdrawn_at IS NULL AND ends_at > %s ORDER BY 5
"""

type Texts = Mapping[str, str]


@dataclass(frozen=True)
class Shown:
    """A notice for members, as pages show it."""

    severity: str
    texts: Texts
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class MarketState:
    """The rooms of a market that are off, with texts for members by language ({} for the room's own), and notices."""

    off: Mapping[str, Texts] = field(default_factory=dict)
    banners: tuple[Shown, ...] = ()


_log = structlog.get_logger(__name__)
_reading = threading.Lock()
_known: Mapping[str, MarketState] | None = None  # None: not read yet
_good_until = 0.0  # by the monotonic clock of this process
_changes = 0  # how often this process changed the tables
_changes_known = 0  # how many of these are in `_known`


def state_of(market: str) -> MarketState:
    """Return what is switched in a market. Only one thread reads at a time.

    Others use what is known; only after a change by this process they wait, so that no page is behind it.
    """
    if _is_old() and _reading.acquire(blocking=_known is None or _changes_known != _changes):
        try:
            if _is_old():
                _read()
        finally:
            _reading.release()
    return (_known or {}).get(market, MarketState())


def remember(
    known: Mapping[str, MarketState] | None, *, seconds: float = LIFE_SECONDS, changes: int | None = None
) -> None:
    """Use this state for some seconds. `changes`: how many changes by this process it includes; default: all."""
    global _known, _good_until, _changes_known  # noqa: PLW0603 - state of this process
    _known, _good_until = known, time.monotonic() + seconds
    _changes_known = _changes if changes is None else changes


def forget() -> None:
    """Read the tables at the next page; what a thread reads at this moment is too old already."""
    global _changes  # noqa: PLW0603 - state of this process
    _changes += 1


def read_again() -> None:
    """Let this process read the tables at the next page: in this transaction, and after it ends."""
    forget()
    transaction.on_commit(forget)


def _is_old() -> bool:
    return _changes_known != _changes or time.monotonic() >= _good_until


def _read() -> None:
    changes = _changes  # a change during the statement is read by the next page
    try:
        with connection.cursor() as cursor:
            cursor.execute(_READ, [timezone.now()])
            rows = cursor.fetchall()
    except DatabaseError as error:
        _log.warning("switches.not_read", error=type(error).__name__)
        remember(_known or {}, seconds=AFTER_FAILURE_SECONDS, changes=changes)
        return
    remember(_by_market(rows), changes=changes)


def _by_market(rows: Iterable[tuple[str, str, str, str, datetime, datetime]]) -> dict[str, MarketState]:
    off: dict[str, dict[str, Texts]] = {}
    banners: dict[str, list[Shown]] = {}
    for what, market, name, texts, starts_at, ends_at in rows:
        if what == "room":
            off.setdefault(market, {})[name] = json.loads(texts)
        else:
            banners.setdefault(market, []).append(Shown(name, json.loads(texts), starts_at, ends_at))
    return {market: MarketState(off.get(market, {}), tuple(banners.get(market, ()))) for market in off.keys() | banners}
