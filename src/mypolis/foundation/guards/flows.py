"""Counting uses: one upsert in PostgreSQL per use, so counts are exact across processes and restarts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.events import Actor
from mypolis.foundation.guards.limits import Limit, risky_limits
from mypolis.foundation.guards.models import Counter, Spent
from mypolis.foundation.markets.profile import Text

_USE = """
    INSERT INTO guards_counter AS c (key, started_at, count, expires_at) VALUES (%(key)s, %(now)s, 1, %(end)s)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN c.expires_at <= %(now)s THEN 1 ELSE c.count + 1 END,
        started_at = CASE WHEN c.expires_at <= %(now)s THEN %(now)s ELSE c.started_at END,
        expires_at = CASE WHEN c.expires_at <= %(now)s THEN %(end)s ELSE c.expires_at END
    RETURNING count, expires_at
"""

_LEFT = "SELECT count, expires_at FROM guards_counter WHERE key = %(key)s AND expires_at > %(now)s"
_OPEN = "SELECT key, count, expires_at FROM guards_counter WHERE key = ANY(%(keys)s) AND expires_at > %(now)s"


type Use = tuple[Limit, str]  # a limit, and the subject that it is counted for


class LimitReached(Exception):
    """A limit is used up until `until`. `message` is for the person; `says_when` means that it includes the time."""

    def __init__(self, limit: Limit, until: datetime, message: Text = "") -> None:
        super().__init__(limit.name)
        self.limit = limit
        self.until = until
        self.message = message or _("Too many attempts. Please wait a while, or contact our support.")
        self.says_when = bool(message)


@dataclass(frozen=True)
class Tally:
    """How many uses are left in the window that ends at `until`."""

    left: int
    until: datetime


def spend(limit: Limit, subject: str, *, market: str) -> Tally:
    """Count one use. Call this before doing the work. Raises LimitReached if the limit is exceeded.

    If the exception rolls the count back, no work was done either. If the limit counts failures, call `give_back` after
    a success.
    """
    count, until = count_use(limit, subject, market=market)
    if count > limit.most:
        raise LimitReached(limit, until)
    return Tally(limit.most - count, until)


def count_use(limit: Limit, subject: str, *, market: str) -> tuple[int, datetime]:
    """Count one use without enforcing the limit. Returns the number of uses and the end of the window."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_USE, {"key": _key(limit, market, subject), "now": now, "end": now + limit.window})
        count, until = cursor.fetchone()
    return count, until


def left(limit: Limit, subject: str, *, market: str) -> Tally:
    """Return the uses that are left, without counting one."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, {"key": _key(limit, market, subject), "now": now})
        row = cursor.fetchone()
    if row is None:
        return Tally(limit.most, now + limit.window)
    count, until = row
    return Tally(max(0, limit.most - count), until)


def used(limit: Limit, subject: str, *, market: str) -> tuple[int, datetime] | None:
    """Return the uses so far and the end of the window, or None if there are no uses in an open window."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, {"key": _key(limit, market, subject), "now": timezone.now()})
        row = cursor.fetchone()
    return row if row is not None and row[0] > 0 else None


def tallies(uses: Sequence[Use], *, market: str) -> list[Tally]:
    """Return the uses that are left for each limit and subject, with one query, without counting any."""
    now = timezone.now()
    keys = [_key(limit, market, subject) for limit, subject in uses]
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"keys": keys, "now": now})
        found = {bytes(key): (count, until) for key, count, until in cursor.fetchall()}
    full = (
        (limit, *found.get(key, (0, now + limit.window))) for (limit, _subject), key in zip(uses, keys, strict=True)
    )
    return [Tally(max(0, limit.most - count), until) for limit, count, until in full]


def require_left(uses: Sequence[Use], *, market: str) -> None:
    """Raise LimitReached for the first limit that is used up, without counting a use.

    For limits that count failures after they happen. Concurrent callers may exceed the limit by their number.
    """
    for (limit, _subject), tally in zip(uses, tallies(uses, market=market), strict=True):
        if not tally.left:
            raise LimitReached(limit, tally.until)


def spend_each(limit: Limit, subjects: Iterable[str], *, market: str) -> None:
    """Count one use for each subject, in sorted order, so that two callers cannot deadlock."""
    for subject in sorted(set(subjects)):
        spend(limit, subject, market=market)


def give_back(limit: Limit, subjects: Iterable[str], *, market: str) -> None:
    """Subtract one use for each subject, because the attempt succeeded."""
    keys = [_key(limit, market, subject) for subject in subjects]
    Counter.objects.filter(key__in=keys, count__gt=0).update(count=F("count") - 1)


def forget(limit: Limit, subject: str, *, market: str) -> None:
    """Delete the counter of a subject, when an operator lifts the limit."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM guards_counter WHERE key = %(key)s", {"key": _key(limit, market, subject)})


def spend_address(limit: Limit, *, by: Actor, market: str) -> Tally:
    """Count one use for the network of the caller's address. The limit is scaled by `MYPOLIS_LIMIT_FACTOR`."""
    return spend(*of_address(limit, by.address), market=market)


def of_address(limit: Limit, address: str) -> Use:
    """Return the limit scaled by `MYPOLIS_LIMIT_FACTOR`, and the network for which uses are counted."""
    most = max(1, round(limit.most * settings.MYPOLIS.limit_factor))
    return replace(limit, most=most), network_of(address)


def is_risky(*, by: Actor, market: str) -> bool:
    """Whether the caller's network has used a risky limit so often that a captcha is required."""
    factor, network = settings.MYPOLIS.limit_factor, network_of(by.address)
    tallies = ((used(limit, network, market=market), most) for limit, most in risky_limits())
    return any(tally is not None and tally[0] >= max(1, round(most * factor)) for tally, most in tallies)


def give_back_address(limit: Limit, *, by: Actor, market: str) -> None:
    """Subtract one use for the network of the caller's address."""
    give_back(limit, [network_of(by.address)], market=market)


def network_of(address: str) -> str:
    """Return what one subscriber controls: the IPv4 address or the /64 of the IPv6 address; else the text itself."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4 or parsed.ipv4_mapped is not None:
        return str(parsed if parsed.version == 4 else parsed.ipv4_mapped)
    return str(ip_network(f"{address}/64", strict=False))


def spend_once(digest: bytes, *, until: datetime) -> bool:
    """Record a single use; returns False if it was used before. The primary key makes this safe against races."""
    _spent, fresh = Spent.objects.get_or_create(digest=digest, defaults={"expires_at": until})
    return fresh


def _key(limit: Limit, market: str, subject: str) -> bytes:
    return salted_hmac("mypolis.guards", f"{limit.name}:{market}:{subject}", algorithm="sha256").digest()
