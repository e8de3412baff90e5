"""Both writers of the trail write the same line."""

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record, record_many
from mypolis.foundation.events.kinds import Kind
from mypolis.foundation.events.models import Event
from tests.cast import ANNA, on_file


def test_one_event_and_one_of_many_are_alike_in_every_column(db: None) -> None:
    person = on_file(ANNA)
    by = Actor("staff", "7", "203.0.113.7", "Firefox")
    record(Kind.PERSON_ADDED, market="ru", by=by, subject=person)
    record_many(Kind.PERSON_ADDED, market="ru", by=by, subjects=[person])
    one, many = Event.objects.order_by("id").values()
    assert {**one, "id": 0, "at": 0} == {**many, "id": 0, "at": 0}
    assert set(one) == {field.attname for field in Event._meta.concrete_fields}
