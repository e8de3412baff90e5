"""Counting, exact across processes and restarts: one upsert a use, in PostgreSQL."""

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
    """A limit is used up until `until`; `message` tells the person, and `says_when` that it names the time itself."""

    def __init__(self, limit: Limit, until: datetime, message: Text = "") -> None:
        super().__init__(limit.name)
        self.limit = limit
        self.until = until
        self.message = message or _("Too many attempts. Please wait a while, or contact our support.")
        self.says_when = bool(message)


@dataclass(frozen=True)
class Tally:
    """Uses left in the window that ends at `until`."""

    left: int
    until: datetime


def spend(limit: Limit, subject: str, *, market: str) -> Tally:
    """Count one use, before the work that it pays for. Raises LimitReached when it was one too many.

    Whoever spends first and works afterwards needs no other care: where the refusal rolls the count back, no work was
    done either. What turned out to be no failure is given back.
    """
    count, until = count_use(limit, subject, market=market)
    if count > limit.most:
        raise LimitReached(limit, until)
    return Tally(limit.most - count, until)


def count_use(limit: Limit, subject: str, *, market: str) -> tuple[int, datetime]:
    """Count one use and refuse nothing: how many there are now, and when their window ends."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_USE, {"key": _key(limit, market, subject), "now": now, "end": now + limit.window})
        count, until = cursor.fetchone()
    return count, until


def left(limit: Limit, subject: str, *, market: str) -> Tally:
    """Uses that are left, counting none."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, {"key": _key(limit, market, subject), "now": now})
        row = cursor.fetchone()
    if row is None:
        return Tally(limit.most, now + limit.window)
    count, until = row
    return Tally(max(0, limit.most - count), until)


def used(limit: Limit, subject: str, *, market: str) -> tuple[int, datetime] | None:
    """Uses so far and the end of the window; None where no window is open or nothing counts in it."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, {"key": _key(limit, market, subject), "now": timezone.now()})
        row = cursor.fetchone()
    return row if row is not None and row[0] > 0 else None


def tallies(uses: Sequence[Use], *, market: str) -> list[Tally]:
    """Uses that are left of each limit for its subject, in one query, counting none."""
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
    """Raises LimitReached for the first limit that is used up, counting none.

    For failures that are counted once they happened: callers at the same moment may exceed the limit by their number.
    """
    for (limit, _subject), tally in zip(uses, tallies(uses, market=market), strict=True):
        if not tally.left:
            raise LimitReached(limit, tally.until)


def spend_each(limit: Limit, subjects: Iterable[str], *, market: str) -> None:
    """Count one use for each subject; in one order everywhere, so that two callers never wait for each other."""
    for subject in sorted(set(subjects)):
        spend(limit, subject, market=market)


def give_back(limit: Limit, subjects: Iterable[str], *, market: str) -> None:
    """Take back one use of each subject: what was tried succeeded."""
    keys = [_key(limit, market, subject) for subject in subjects]
    Counter.objects.filter(key__in=keys, count__gt=0).update(count=F("count") - 1)


def forget(limit: Limit, subject: str, *, market: str) -> None:
    """Start a fresh window: an operator lifts the limit."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM guards_counter WHERE key = %(key)s", {"key": _key(limit, market, subject)})


def spend_address(limit: Limit, *, by: Actor, market: str) -> Tally:
    """Count one use against the caller's address, scaled by `MYPOLIS_LIMIT_FACTOR`."""
    return spend(*of_address(limit, by.address), market=market)


def of_address(limit: Limit, address: str) -> Use:
    """A limit scaled by `MYPOLIS_LIMIT_FACTOR`, and the network that it is counted for."""
    most = max(1, round(limit.most * settings.MYPOLIS.limit_factor))
    return replace(limit, most=most), network_of(address)


def is_risky(*, by: Actor, market: str) -> bool:
    """Whether so many journeys or failed matches came from the caller's address that a captcha is due."""
    factor, network = settings.MYPOLIS.limit_factor, network_of(by.address)
    tallies = ((used(limit, network, market=market), most) for limit, most in risky_limits())
    return any(tally is not None and tally[0] >= max(1, round(most * factor)) for tally, most in tallies)


def give_back_address(limit: Limit, *, by: Actor, market: str) -> None:
    """Take back one use of the caller's address."""
    give_back(limit, [network_of(by.address)], market=market)


def network_of(address: str) -> str:
    """What one subscriber holds: an IPv4 address, the first 64 bits of an IPv6 one; else the text itself."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4 or parsed.ipv4_mapped is not None:
        return str(parsed if parsed.version == 4 else parsed.ipv4_mapped)
    return str(ip_network(f"{address}/64", strict=False))


def spend_once(digest: bytes, *, until: datetime) -> bool:
    """Use up something single-use; False when it was used before. Exact under any race: the primary key decides."""
    _spent, fresh = Spent.objects.get_or_create(digest=digest, defaults={"expires_at": until})
    return fresh


def _key(limit: Limit, market: str, subject: str) -> bytes:
    return salted_hmac("mypolis.guards", f"{limit.name}:{market}:{subject}", algorithm="sha256").digest()
