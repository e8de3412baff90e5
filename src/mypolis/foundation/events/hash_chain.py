"""The chain over the audit trail: what was sealed cannot be changed, removed or slipped in unseen.

Each seal holds the SHA-256 of the seal before it and of its own events. Sealing runs behind the writers (a chain in the
writers' way would make them wait for each other), so it takes only events that no open transaction can still precede:
see `events.horizon`. The newest digest stands in the log at every sealing: whoever can rewrite the whole database
cannot rewrite that.
"""

import hashlib
import json
from dataclasses import dataclass

import structlog
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils import timezone

from mypolis.foundation.events.horizon import settled_up_to
from mypolis.foundation.events.models import Event, Seal

AT_ONCE = 5_000
_GENESIS = bytes(32)
_ONE_SEALER = 7_301_984
_FIELDS = ("id", "at", "market", "kind", "actor_kind", "actor_id", "subject", "address", "client", "facts")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Verdict:
    """What a check of the whole chain found: seals and events read, the newest digest, and every break."""

    seals: int
    events: int
    head: str
    breaks: tuple[str, ...]


@transaction.atomic
def seal() -> int:
    """Seal the next run of settled events; how many there were. Harmless to repeat, and to run twice at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_SEALER])
    newest = Seal.objects.order_by("-last_event").first()
    after, previous = (newest.last_event, bytes(newest.digest)) if newest else (0, _GENESIS)
    settled = Event.objects.filter(id__gt=after, id__lte=settled_up_to(after))
    rows = list(settled.order_by("id").values(*_FIELDS)[:AT_ONCE])
    if not rows:
        return 0
    digest = _digest(previous, rows)
    Seal.objects.create(
        first_event=rows[0]["id"],
        last_event=rows[-1]["id"],
        count=len(rows),
        previous=previous,
        digest=digest,
        sealed_at=timezone.now(),
    )
    _log.info("events.sealed", last=rows[-1]["id"], count=len(rows), head=digest.hex()[:16])
    return len(rows)


def verify(*, head: str = "") -> Verdict:
    """Read the whole trail again and compare. Reads one seal's events at a time.

    `head` is the beginning of a digest that the log told of: one that the chain must still hold. A trail that was cut
    off behind some seal is whole in itself; only such a digest shows it.
    """
    breaks, seals, events, after, previous, seen = list[str](), 0, 0, 0, _GENESIS, not head
    for link in Seal.objects.order_by("last_event").iterator(chunk_size=100):
        rows = list(Event.objects.filter(id__gt=after, id__lte=link.last_event).order_by("id").values(*_FIELDS))
        where = f"events {link.first_event} to {link.last_event}"
        if bytes(link.previous) != previous:
            breaks.append(f"{where}: the seal before them is missing or was changed")
        if len(rows) != link.count:
            breaks.append(f"{where}: {len(rows)} events where {link.count} were sealed")
        elif _digest(bytes(link.previous), rows) != bytes(link.digest):
            breaks.append(f"{where}: at least one of them was changed")
        seals, events, after, previous = seals + 1, events + len(rows), link.last_event, bytes(link.digest)
        seen = seen or previous.hex().startswith(head)
    if not seen:
        breaks.append(f"no seal has the digest {head}: the trail was cut off, or sealed anew")
    return Verdict(seals, events, previous.hex(), tuple(breaks))


def _digest(previous: bytes, rows: list[dict[str, object]]) -> bytes:
    found = hashlib.sha256(previous)
    for row in rows:
        found.update(json.dumps(row, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False).encode())
        found.update(b"\n")
    return found.digest()
