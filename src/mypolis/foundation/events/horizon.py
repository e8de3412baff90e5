"""How far the audit trail is settled: the id up to which no open transaction can still add an event.

An event gets its id when it is written, but becomes visible when its transaction commits. The events of a long
transaction therefore appear after newer ones. Timestamps cannot show this, but locks can: a transaction that writes an
event holds a lock on the table until it ends.
"""

from datetime import timedelta

import structlog
from django.db import connection
from django.db.models import Max
from django.utils import timezone

from mypolis.foundation.events.models import Event, Horizon

WORTH_A_WARNING = timedelta(hours=1)

# A transaction that still waits for the lock has written no event yet: its events will get higher ids.
_WRITERS = """
    SELECT DISTINCT virtualtransaction FROM pg_locks
    WHERE locktype = 'relation' AND relation = 'events_event'::regclass AND mode = 'RowExclusiveLock' AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND pid IS DISTINCT FROM pg_backend_pid()
"""

_log = structlog.get_logger(__name__)


def settled_up_to(after: int) -> int:
    """Return the id up to which the caller's next query sees all events, or `after` if no further events are settled.

    `after` is the last sealed event. The caller must ensure that only one process calls this at a time, and must run in
    READ COMMITTED, so that each query sees everything committed before it.
    """
    noted = Horizon.objects.first()
    if noted is not None and noted.up_to > after:
        if open_still := set(noted.writers) & _writers():
            _warn(noted, len(open_still))
            return after
        return noted.up_to
    newest = Event.objects.filter(id__gt=after).aggregate(newest=Max("id"))["newest"]
    if newest is None:
        return after
    writers = _writers()  # after `newest`: a transaction with a lower id has committed, or is in here
    if not writers:
        return int(newest)
    facts = {"up_to": newest, "writers": sorted(writers), "since": timezone.now()}
    Horizon.objects.update_or_create(id=noted.pk if noted else 1, defaults=facts)
    return after


def _writers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_WRITERS)
        return {name for (name,) in cursor.fetchall()}


def _warn(noted: Horizon, writers: int) -> None:
    waited = timezone.now() - noted.since
    if waited > WORTH_A_WARNING:
        _log.warning("events.not_sealed", writers=writers, minutes=int(waited.total_seconds() // 60))
