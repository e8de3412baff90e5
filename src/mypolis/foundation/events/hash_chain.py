"""The hash chain over the audit trail: any change, deletion or insertion among sealed events can be detected.

Each seal holds the SHA-256 of the previous seal and of its own events. A job seals events after they were written; if
the writers extended the chain themselves, they would wait for each other. The job takes only events before which no
open transaction can still add one: see `events.horizon`. Every sealing writes the newest digest to the log, because
somebody who can rewrite the whole database cannot rewrite the log.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import structlog
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils import timezone

from mypolis.foundation.events.horizon import settled_up_to
from mypolis.foundation.events.models import Event, Seal

AT_ONCE = 5_000
GENESIS = bytes(32)
"""What the first seal has in place of the digest of a seal before it."""

_ONE_SEALER = 7_301_984
_FIELDS = ("id", "at", "market", "kind", "actor_kind", "actor_id", "subject", "address", "client", "facts")

_log = structlog.get_logger(__name__)

type Why = Literal["seal", "count", "changed"]
"""What is wrong: the seal before is missing or was changed, another number of events was sealed, one was changed."""


@dataclass(frozen=True)
class Break:
    """Sealed events that are no longer as they were: from the first to the last of the seal, and what is wrong.

    `found` and `sealed` are numbers of events.
    """

    first: int
    last: int
    why: Why
    found: int
    sealed: int

    def __str__(self) -> str:
        said = {
            "seal": "the seal before them is missing or was changed",
            "count": f"{self.found} events where {self.sealed} were sealed",
            "changed": "at least one of them was changed",
        }
        return f"events {self.first} to {self.last}: {said[self.why]}"


@dataclass(frozen=True)
class CheckedSeal:
    """A seal that was compared with its events: the last event, the digest, the number of events, and its breaks."""

    last: int
    digest: bytes
    events: int
    breaks: tuple[Break, ...]


@dataclass(frozen=True)
class Verdict:
    """The result of checking the whole chain: the number of seals and events, the newest digest, and every break."""

    seals: int
    events: int
    head: str
    breaks: tuple[str, ...]


@transaction.atomic
def seal() -> int:
    """Seal the next batch of settled events and return their number. Safe to repeat and to run concurrently."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_SEALER])
    newest = Seal.objects.order_by("-last_event").first()
    after, previous = (newest.last_event, bytes(newest.digest)) if newest else (0, GENESIS)
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
    """Read the whole trail and compare it with the seals. Loads the events of one seal at a time.

    `head` is the beginning of a digest from the log; the chain must still contain it. Without `head`, a trail that was
    cut off after some seal looks complete.
    """
    breaks, seals, events, previous, seen = list[str](), 0, 0, GENESIS, not head
    for one in checked_seals():
        breaks += map(str, one.breaks)
        seals, events, previous = seals + 1, events + one.events, one.digest
        seen = seen or previous.hex().startswith(head)
    if not seen:
        breaks.append(f"no seal has the digest {head}: the trail was cut off, or sealed anew")
    return Verdict(seals, events, previous.hex(), tuple(breaks))


def checked_seals(*, after: int = 0, previous: bytes = GENESIS) -> Iterator[CheckedSeal]:
    """Compare one seal after another with its events, in order, and load the events of one seal at a time.

    To go on later, pass the last event and the digest of the seal that was checked last.
    """
    for link in Seal.objects.filter(last_event__gt=after).order_by("last_event").iterator(chunk_size=100):
        rows = list(Event.objects.filter(id__gt=after, id__lte=link.last_event).order_by("id").values(*_FIELDS))
        digest, whys = bytes(link.digest), list[Why]()
        if bytes(link.previous) != previous:
            whys.append("seal")
        if len(rows) != link.count:
            whys.append("count")
        elif _digest(bytes(link.previous), rows) != digest:
            whys.append("changed")
        breaks = (Break(link.first_event, link.last_event, why, len(rows), link.count) for why in whys)
        yield CheckedSeal(link.last_event, digest, len(rows), tuple(breaks))
        after, previous = link.last_event, digest


def _digest(previous: bytes, rows: list[dict[str, object]]) -> bytes:
    found = hashlib.sha256(previous)
    for row in rows:
        found.update(json.dumps(row, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False).encode())
        found.update(b"\n")
    return found.digest()
