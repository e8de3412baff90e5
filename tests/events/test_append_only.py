"""Events are append-only: the database itself refuses changes."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.flows import record
from mypolis.foundation.events.models import Event
from mypolis.foundation.keys.event_kinds import KeyEvent

pytestmark = pytest.mark.django_db

CHANGES: dict[str, Callable[[], object]] = {
    "update": lambda: Event.objects.update(kind="nothing.happened"),
    "delete": lambda: Event.objects.all().delete(),
    "save": lambda: Event.objects.get().save(),
    "bulk_update": lambda: Event.objects.bulk_update([Event(id=Event.objects.get().pk, kind="x")], ["kind"]),
    "raw delete": lambda: execute("DELETE FROM events_event"),
    "raw update": lambda: execute("UPDATE events_event SET facts = '{}'"),
}


def execute(statement: str) -> None:
    """Run one statement without Django's models."""
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("how", CHANGES)
def test_no_event_can_be_changed_or_removed(how: str) -> None:
    record(KeyEvent.KEYS_ROTATED, market="rs", by=SYSTEM, rows=1)
    before = Event.objects.values().get()
    with pytest.raises(DatabaseError, match="events_event is append-only"), transaction.atomic():
        CHANGES[how]()
    assert Event.objects.values().get() == before


def test_a_single_event_says_no_by_itself() -> None:
    record(KeyEvent.KEYS_ROTATED, market="rs", by=SYSTEM)
    with pytest.raises(TypeError, match="append-only"):
        Event.objects.get().delete()


def test_the_table_can_still_be_emptied_as_a_whole_between_tests() -> None:
    record(KeyEvent.KEYS_ROTATED, market="rs", by=SYSTEM)
    execute("TRUNCATE events_event")
    assert not Event.objects.exists()
