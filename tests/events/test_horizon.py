"""A transaction that is open during sealing: its late events are sealed later, and this is not called tampering."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from mypolis.foundation.events.hash_chain import seal, verify
from mypolis.foundation.events.jobs import seal_events
from mypolis.foundation.events.models import Event, Seal
from tests.events.writers import a_long_transaction, note

pytestmark = pytest.mark.django_db(transaction=True)


def numbers() -> list[Any]:
    return [facts["number"] for facts in Event.objects.order_by("id").values_list("facts", flat=True)]


@pytest.mark.parametrize("ends_well", [True, False], ids=["committed", "undone"])
def test_late_events_of_a_long_transaction_are_no_tampering(ends_well: bool) -> None:
    note(1)
    with a_long_transaction(2, ends_well=ends_well) as end:
        note(3)
        with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
            seal_events.func(0)
            assert verify().breaks == ()
        end()
    note(4)
    seal_events.func(0)
    found = verify()
    assert numbers() == ([1, 2, 3, 4] if ends_well else [1, 3, 4])
    assert (found.breaks, found.events) == ((), len(numbers()))


def test_one_long_transaction_after_another_does_not_stop_the_sealing() -> None:
    with a_long_transaction(1) as end_first:
        note(2)
        seal_events.func(0)
        with a_long_transaction(3):
            end_first()
            note(4)
            seal_events.func(0)
            assert verify().events == 2, "those that nothing can precede any more"
    seal_events.func(0)
    found = verify()
    assert (found.breaks, found.events) == ((), 4)


def test_a_transaction_that_wrote_nothing_stops_no_sealing() -> None:
    asked, reading = threading.Event(), threading.Event()

    def read() -> None:
        with transaction.atomic():
            Event.objects.count()
            reading.set()
            asked.wait(30)
        connection.close()

    reader = threading.Thread(target=read)
    reader.start()
    assert reading.wait(30)
    note(1)
    assert seal() == 1
    asked.set()
    reader.join(30)


def test_what_was_sealed_before_still_verifies() -> None:
    for number in range(3):
        note(number)
    seal()
    assert Seal.objects.count() == 1
    with a_long_transaction(3) as end:
        note(4)
        seal_events.func(0)
        end()
    seal_events.func(0)
    found = verify()
    assert (found.breaks, found.events) == ((), 5)


def test_one_slipped_in_below_is_still_found() -> None:
    note(1)
    with a_long_transaction(2, ends_well=False) as end:
        note(3)
        seal_events.func(0)
        end()
    seal_events.func(0)
    with connection.cursor() as cursor:
        cursor.execute("""
            INSERT INTO events_event (id, at, market, kind, actor_kind, actor_id, subject, client, facts)
            SELECT id + 1, at, market, kind, actor_kind, actor_id, subject, client, facts
            FROM events_event ORDER BY id LIMIT 1
        """)
    assert verify().breaks


def test_a_transaction_that_never_ends_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    with a_long_transaction(1):
        note(2)
        seal_events.func(0)
        with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
            seal_events.func(0)
    assert "events.not_sealed" in capsys.readouterr().err
