"""How far the audit trail is settled: up to which id no open transaction can still add an event.

Ids are given when an event is written, and events are seen when their transaction commits, so a long transaction's
events appear late, behind newer ones. Time tells nothing about that; the database's locks do: whoever writes an event
holds a lock on its table until the transaction ends.
"""

from datetime import timedelta

import structlog
from django.db import connection
from django.db.models import Max
from django.utils import timezone

from mypolis.foundation.events.models import Event, Horizon

WORTH_A_WARNING = timedelta(hours=1)

# A lock that is still waited for belongs to a transaction that has no id yet: it will get a higher one.
_WRITERS = """
    SELECT DISTINCT virtualtransaction FROM pg_locks
    WHERE locktype = 'relation' AND relation = 'events_event'::regclass AND mode = 'RowExclusiveLock' AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND pid IS DISTINCT FROM pg_backend_pid()
"""

_log = structlog.get_logger(__name__)


def settled_up_to(after: int) -> int:
    """The id up to which all events can be read by the caller's next query; `after` when there are no more yet.

    `after` is the last event that is sealed. The caller lets nobody else ask at the same time, and runs in READ
    COMMITTED, so that each query sees what was committed before it.
    """
    noted = Horizon.objects.first()
    if noted is not None and noted.up_to > after:
        if open_still := set(noted.writers) & _writers():
            _tell(noted, len(open_still))
            return after
        return noted.up_to
    newest = Event.objects.filter(id__gt=after).aggregate(newest=Max("id"))["newest"]
    if newest is None:
        return after
    writers = _writers()  # asked after `newest`: whoever got a lower id has committed by then or is among these
    if not writers:
        return int(newest)
    facts = {"up_to": newest, "writers": sorted(writers), "since": timezone.now()}
    Horizon.objects.update_or_create(id=noted.pk if noted else 1, defaults=facts)
    return after


def _writers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_WRITERS)
        return {name for (name,) in cursor.fetchall()}


def _tell(noted: Horizon, writers: int) -> None:
    waited = timezone.now() - noted.since
    if waited > WORTH_A_WARNING:
        _log.warning("events.not_sealed", writers=writers, minutes=int(waited.total_seconds() // 60))
