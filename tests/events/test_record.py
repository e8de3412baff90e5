"""Both functions that record events write the same rows; one statement can write a transaction's events."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from mypolis.foundation.events import SYSTEM, Actor
from mypolis.foundation.events.flows import record, record_many, recorded_together
from mypolis.foundation.events.models import Event
from mypolis.foundation.journeys.event_kinds import JourneyEvent
from mypolis.membership.people.event_kinds import PeopleEvent
from tests.cast import ANNA, on_file


def test_one_event_and_one_of_many_are_alike_in_every_column(db: None) -> None:
    person = on_file(ANNA)
    by = Actor("staff", "7", "203.0.113.7", "Firefox")
    record(PeopleEvent.PERSON_ADDED, market="ru", by=by, subject=person)
    record_many(PeopleEvent.PERSON_ADDED, market="ru", by=by, subjects=[person])
    one, many = Event.objects.order_by("id").values()
    assert {**one, "id": 0, "at": 0} == {**many, "id": 0, "at": 0}
    assert set(one) == {field.attname for field in Event._meta.concrete_fields}


class Undone(Exception):
    """Ends a block early."""


def note(**facts: int) -> None:
    record(JourneyEvent.JOURNEY_ANSWERED, market="ru", by=SYSTEM, **facts)


def noted() -> list[int]:
    return [event.facts["number"] for event in Event.objects.order_by("id")]


def test_events_recorded_together_are_one_statement_in_their_order(db: None) -> None:
    with CaptureQueriesContext(connection) as asked, recorded_together():
        for number in range(3):
            note(number=number)
    assert noted() == [0, 1, 2]
    assert len([query for query in asked if query["sql"].startswith("INSERT")]) == 1


def note_in_vain(*numbers: int) -> None:
    for number in numbers:
        with transaction.atomic():
            note(number=number)
    raise Undone


def test_what_a_savepoint_undoes_leaves_no_event(db: None) -> None:
    with recorded_together():
        note(number=1)
        with pytest.raises(Undone), transaction.atomic():
            note_in_vain(2, 3)
        with transaction.atomic():
            note(number=4)
    assert noted() == [1, 4]


def test_a_transaction_that_fails_leaves_no_event_and_the_next_one_begins_afresh(db: None) -> None:
    with pytest.raises(Undone), recorded_together():
        note_in_vain(1)
    note(number=2)
    with recorded_together():
        note(number=3)
    assert noted() == [2, 3]


def test_an_inner_block_leaves_its_events_to_the_outer_one(db: None) -> None:
    with recorded_together():
        with recorded_together():
            note(number=1)
        assert noted() == []
        with pytest.raises(Undone), recorded_together():
            note_in_vain(2)
    assert noted() == [1]
