"""Counting uses with an upsert in PostgreSQL, so that counts are exact across processes and restarts."""

from collections import Counter as Times
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.events import Actor
from mypolis.foundation.guards.limits import Limit, risky_limits
from mypolis.foundation.guards.models import Spent
from mypolis.foundation.guards.refusals import note_refusal
from mypolis.foundation.markets.profile import Text

# Counts several keys with one statement, in the order of the keys, so that two callers cannot deadlock.
_USE = """
    INSERT INTO guards_counter AS c (key, started_at, count, expires_at)
    SELECT key, %(now)s, uses, until
    FROM unnest(%(keys)s::bytea[], %(uses)s::int[], %(ends)s::timestamptz[]) AS used (key, uses, until) ORDER BY key
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN c.expires_at <= %(now)s THEN excluded.count ELSE c.count + excluded.count END,
        started_at = CASE WHEN c.expires_at <= %(now)s THEN %(now)s ELSE c.started_at END,
        expires_at = CASE WHEN c.expires_at <= %(now)s THEN excluded.expires_at ELSE c.expires_at END
    RETURNING key, count, expires_at
"""
_GIVE_BACK = """
    UPDATE guards_counter AS c SET count = greatest(0, c.count - used.uses)
    FROM unnest(%(keys)s::bytea[], %(uses)s::int[]) AS used (key, uses) WHERE c.key = used.key
"""
_OPEN = "SELECT key, count, expires_at FROM guards_counter WHERE key = ANY(%(keys)s) AND expires_at > %(now)s"

TOO_MANY = _("Too many attempts. Please wait a while, or contact our support.")

type Use = tuple[Limit, str]  # a limit, and the subject that it is counted for


class LimitReached(Exception):
    """A limit is used up until `until`. `message` is for the person; `says_when` means that it includes the time."""

    def __init__(self, limit: Limit, until: datetime, message: Text = "") -> None:
        super().__init__(limit.name)
        note_refusal(limit.name)
        self.limit = limit
        self.until = until
        self.message = message or TOO_MANY
        self.says_when = bool(message)


@dataclass(frozen=True)
class Tally:
    """How many uses are left in the window that ends at `until`."""

    left: int
    until: datetime


@dataclass(frozen=True)
class Counted:
    """How many uses of a limit were counted in the window that ends at `until`."""

    limit: Limit
    count: int
    until: datetime

    @property
    def tally(self) -> Tally:
        """The uses that are left."""
        return Tally(max(0, self.limit.most - self.count), self.until)

    def require(self) -> None:
        """Raise LimitReached if more uses were counted than the limit allows."""
        if self.count > self.limit.most:
            raise LimitReached(self.limit, self.until)


def spend(limit: Limit, subject: str, *, market: str) -> Tally:
    """Count one use. Call this before doing the work. Raises LimitReached if the limit is exceeded.

    If the exception rolls the count back, no work was done either. If the limit counts failures, call `give_back` after
    a success.
    """
    return spend_all([(limit, subject)], market=market)[0]


def spend_all(uses: Sequence[Use], *, market: str) -> list[Tally]:
    """Like `spend` for several limits, with one statement. Raises LimitReached for the first that is exceeded."""
    counted = count_uses(uses, market=market)
    for each in counted:
        each.require()
    return [each.tally for each in counted]


def spend_failures(uses: Sequence[Use], *, failed: bool, market: str) -> list[Tally]:
    """Count one use for each limit if the work `failed`. Raises LimitReached where no use was left, failed or not.

    For limits that count failures, when the work is done already: one statement either way, so that the time does not
    show the result. Call `require_left` before the work; this call is exact, also for simultaneous callers.
    """
    counted = count_uses(uses, market=market, each=int(failed))
    for one in counted:
        if one.count + (not failed) > one.limit.most:
            raise LimitReached(one.limit, one.until)
    return [each.tally for each in counted]


def count_uses(uses: Sequence[Use], *, market: str, each: int = 1) -> list["Counted"]:
    """Count uses without enforcing the limits, with one statement. Locks the counters until the transaction ends."""
    now = timezone.now()
    keys = [_key(limit, market, subject) for limit, subject in uses]
    ends = {key: now + limit.window for key, (limit, _subject) in zip(keys, uses, strict=True)}
    times = Times(keys)
    with connection.cursor() as cursor:
        values = [each * times[key] for key in ends]
        cursor.execute(_USE, {"now": now, "keys": list(ends), "uses": values, "ends": list(ends.values())})
        found = {bytes(key): (count, until) for key, count, until in cursor.fetchall()}
    return [Counted(limit, *found[key]) for (limit, _subject), key in zip(uses, keys, strict=True)]


def left(limit: Limit, subject: str, *, market: str) -> Tally:
    """Return the uses that are left, without counting one."""
    return tallies([(limit, subject)], market=market)[0]


def used(limit: Limit, subject: str, *, market: str) -> tuple[int, datetime] | None:
    """Return the uses so far and the end of the window, or None if there are no uses in an open window."""
    return all_used([(limit, subject)], market=market)[0]


def all_used(uses: Sequence[Use], *, market: str) -> list[tuple[int, datetime] | None]:
    """Like `used` for several limits and subjects, with one query."""
    counted = _open_counts(uses, market=market)
    return [(each.count, each.until) if each.count > 0 else None for each in counted]


def tallies(uses: Sequence[Use], *, market: str) -> list[Tally]:
    """Return the uses that are left for each limit and subject, with one query, without counting any."""
    return [each.tally for each in _open_counts(uses, market=market)]


def require_left(uses: Sequence[Use], *, market: str) -> None:
    """Raise LimitReached for the first limit that is used up, without counting a use.

    For limits that count failures after they happen. Concurrent callers may exceed the limit by their number.
    """
    for (limit, _subject), tally in zip(uses, tallies(uses, market=market), strict=True):
        if not tally.left:
            raise LimitReached(limit, tally.until)


def give_back(limit: Limit, subjects: Iterable[str], *, market: str) -> None:
    """Subtract one use for each subject, because the attempt succeeded."""
    give_back_all([(limit, subject) for subject in dict.fromkeys(subjects)], market=market)


def give_back_all(uses: Sequence[Use], *, market: str) -> None:
    """Subtract what `spend_all` counted."""
    times = Times(_key(limit, market, subject) for limit, subject in uses)
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, {"keys": list(times), "uses": list(times.values())})


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
    risky = risky_limits()
    counted = _open_counts([(limit, network) for limit, _most in risky], market=market)
    return any(each.count >= max(1, round(most * factor)) for each, (_limit, most) in zip(counted, risky, strict=True))


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


def _open_counts(uses: Sequence[Use], *, market: str) -> list[Counted]:
    now = timezone.now()
    keys = [_key(limit, market, subject) for limit, subject in uses]
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"keys": keys, "now": now})
        found = {bytes(key): (count, until) for key, count, until in cursor.fetchall()}
    pairs = zip(uses, keys, strict=True)
    return [Counted(limit, *found.get(key, (0, now + limit.window))) for (limit, _subject), key in pairs]


def _key(limit: Limit, market: str, subject: str) -> bytes:
    return salted_hmac("mypolis.guards", f"{limit.name}:{market}:{subject}", algorithm="sha256").digest()
