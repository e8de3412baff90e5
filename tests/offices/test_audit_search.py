"""The trail is searched by what auditors know, through indexes, and each search is recorded."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from mypolis.foundation.events import SYSTEM, Actor
from mypolis.foundation.events.models import Event
from mypolis.offices.audit.event_kinds import AuditEvent
from mypolis.offices.audit.presenters import SHOWN_WORDS, WITHHELD, shown_facts
from mypolis.offices.audit.trail_search import ROWS, Criteria, matching, read_event, read_trail

pytestmark = pytest.mark.django_db
VESNA = Actor("staff", "7", "10.1.2.3", "Firefox")
MEMBER = Actor("member", "12", "203.0.113.9", "Safari")


def happened(kind: str = "keys.rotated", market: str = "rs", by: Actor = SYSTEM, **more: Any) -> Event:
    """An event, as if a room had recorded it."""
    values = {"at": timezone.now(), "facts": {}, "client": by.client, "address": by.address or None, **more}
    return Event.objects.create(kind=kind, market=market, actor_kind=by.kind, actor_id=by.id, **values)


def found(criteria: Criteria) -> list[int]:
    page = read_trail(criteria=criteria, market="rs", before=None, by=VESNA)
    return [event.pk for event in page.events]


def test_events_of_another_market_are_not_found() -> None:
    other = happened(market="id")
    assert found(Criteria(market="rs")) == []
    with pytest.raises(Event.DoesNotExist):
        read_event(number=other.pk, market="rs", by=VESNA)


def test_events_of_the_whole_portal_are_found_where_they_are_looked_for() -> None:
    whole = happened(market="")
    assert found(Criteria(market="")) == [whole.pk]
    assert read_event(number=whole.pk, market="rs", by=VESNA) == whole


def test_a_search_finds_by_kind_actor_row_and_period() -> None:
    now = timezone.now()
    old = happened(at=now - timedelta(days=3))
    mine = happened("claim.saved", by=MEMBER, subject="claims.claim:1")
    assert found(Criteria(market="rs", kind="claim.saved")) == [mine.pk]
    assert found(Criteria(market="rs", actor=Actor("member", "12"))) == [mine.pk]
    assert found(Criteria(market="rs", subject="claims.claim:1")) == [mine.pk]
    assert found(Criteria(market="rs", until=now - timedelta(days=1))) == [old.pk]
    assert old.pk not in found(Criteria(market="rs", since=now - timedelta(days=1)))
    assert found(Criteria(market="rs", since=now + timedelta(days=9))) == []


def test_an_event_with_a_later_number_than_its_time_says_is_found() -> None:
    now = timezone.now()
    first = happened(at=now)
    late = happened(at=now - timedelta(minutes=30))
    until = now - timedelta(minutes=10)
    rotated = Criteria(market="rs", kind="keys.rotated")
    assert found(replace(rotated, since=now - timedelta(hours=5), until=until)) == [late.pk]
    assert found(replace(rotated, since=until, until=now + timedelta(minutes=1))) == [first.pk]


def test_pages_follow_each_other_without_a_gap() -> None:
    made = [happened().pk for _one in range(ROWS + 3)]
    criteria = Criteria(market="rs", kind="keys.rotated")
    first = read_trail(criteria=criteria, market="rs", before=None, by=VESNA)
    second = read_trail(criteria=criteria, market="rs", before=first.before, by=VESNA)
    assert [event.pk for event in (*first.events, *second.events)] == made[::-1]
    assert second.before is None


def test_each_search_is_recorded_with_what_was_looked_for() -> None:
    found(Criteria(market="rs", kind="claim.saved", actor=Actor("member", "12")))
    read = Event.objects.get(kind=AuditEvent.AUDIT_READ)
    assert (read.actor_kind, read.actor_id) == ("staff", "7")
    assert read.facts == {"rows": 0, "scope": "rs", "event_kind": "claim.saved", "actor": "member:12"}


def test_facts_that_could_tell_about_a_person_are_withheld() -> None:
    row = happened(facts={"code": "excluded_pregnancy", "after": "rejected", "number": 2, "confirmed": True, "to": ""})
    facts = dict(shown_facts(row))
    assert facts == {"code": WITHHELD, "after": "rejected", "number": "2", "confirmed": "true", "to": "–"}
    assert not {"code", "reason", "document", "fields", "file_kind", "what"} & SHOWN_WORDS


LONG_TRAIL = """
    INSERT INTO events_event (at, market, kind, actor_kind, actor_id, subject, client, facts)
    SELECT now() - (20000 - n) * interval '10 minutes', CASE n % 50 WHEN 0 THEN 'rs' WHEN 1 THEN '' ELSE 'id' END,
        'kind.' || n % 40, 'member', n % 500, 'claims.claim:' || n % 900, '', '{}'
    FROM generate_series(1, 20000) n
"""
SEARCHES = {
    "everything": Criteria(market="rs"),
    "the whole portal": Criteria(market=""),
    "a kind": Criteria(market="rs", kind="keys.rotated"),
    "a row": Criteria(market="rs", subject="claims.claim:1"),
    "an actor": Criteria(market="rs", actor=Actor("member", "12")),
    "a period": Criteria(market="rs", since=timezone.now() - timedelta(days=9), until=timezone.now()),
}


@pytest.mark.parametrize("name", SEARCHES)
def test_a_search_never_reads_the_whole_trail(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(LONG_TRAIL)
        cursor.execute("ANALYZE events_event")  # what the planner knows must not depend on earlier tests
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off")  # few rows would be sorted
    plan = matching(SEARCHES[name]).order_by("-id")[:ROWS].explain()
    assert "Index" in plan, plan
    assert "Seq Scan" not in plan, plan
    assert "Sort" not in plan, plan
    assert "Index Cond" in plan, plan
