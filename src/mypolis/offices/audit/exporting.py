"""Exports the events of a period as CSV or JSON lines: streamed, limited, recorded."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.events.models import Event
from mypolis.foundation.guards.flows import spend
from mypolis.foundation.lib.tables.safe_csv import csv_lines
from mypolis.offices.audit.event_kinds import AuditEvent
from mypolis.offices.audit.limits import TRAIL_EXPORTS
from mypolis.offices.audit.presenters import shown_facts
from mypolis.offices.audit.trail_search import Criteria, matching

type Form = Literal["csv", "jsonl"]

MOST_ROWS = 200_000
LONGEST_PERIOD = timedelta(days=100)
_AT_ONCE = 2_000
_COLUMNS = ("number", "at", "market", "kind", "actor", "subject", "facts")


class TooManyEvents(Exception):
    """The period has more events than one file may have."""


@dataclass(frozen=True)
class Export:
    """A file that is being made: its name, its type, and its parts as they are read from the database."""

    name: str
    media_type: str
    parts: Iterator[str]


@transaction.atomic
def export(*, criteria: Criteria, form: Form, market: str, by: Actor) -> Export:
    """Return the file of all events that are looked for, the oldest first, and record who took it.

    Only events that exist now are in it. Raises TooManyEvents, and LimitReached.
    """
    newest = matching(criteria).order_by("-id").values_list("id", flat=True).first() or 0
    rows = matching(criteria).order_by("id")[: MOST_ROWS + 1].count()
    if rows > MOST_ROWS:
        raise TooManyEvents
    spend(TRAIL_EXPORTS, str(by), market=market)
    record(AuditEvent.AUDIT_EXPORTED, market=market, by=by, subject=None, rows=rows, form=form, **criteria.facts())
    events = _events(criteria, newest)
    name = f"events-{criteria.market or 'portal'}-{timezone.now():%Y%m%d-%H%M%S}.{form}"
    if form == "csv":
        return Export(name, "text/csv; charset=utf-8", csv_lines(_table(events)))
    return Export(name, "application/x-ndjson", _json_lines(events))


def _events(criteria: Criteria, newest: int) -> Iterator[Event]:
    """The events in the order of their ids, some at a time, so that memory and transactions stay small."""
    rows, after = matching(criteria).filter(id__lte=newest).order_by("id"), 0
    while found := list(rows.filter(id__gt=after)[:_AT_ONCE]):
        yield from found
        after = found[-1].pk


def _table(events: Iterator[Event]) -> Iterator[tuple[str | int, ...]]:
    yield _COLUMNS
    for event in events:
        facts = "; ".join(f"{name}={value}" for name, value in shown_facts(event))
        actor = f"{event.actor_kind}:{event.actor_id}" if event.actor_id else event.actor_kind
        yield (event.pk, event.at.isoformat(), event.market, event.kind, actor, event.subject, facts)


def _json_lines(events: Iterator[Event]) -> Iterator[str]:
    for event in events:
        row = {
            "number": event.pk,
            "at": event.at.isoformat(),
            "market": event.market,
            "kind": event.kind,
            "actor_kind": event.actor_kind,
            "actor_id": event.actor_id,
            "subject": event.subject,
            "facts": dict(shown_facts(event)),
        }
        yield json.dumps(row, ensure_ascii=False) + "\n"
