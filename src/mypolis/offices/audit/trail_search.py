"""Searches the trail: what is looked for, and pages of events, the newest first.

Every search reads one index from its newest end, so page 1,000 costs no more than page 1. Ids grow with time, but an
event that was written with others at the end of a transaction has a later id than its time says. So the ids of a period
begin an hour earlier and end an hour later, and the time decides within them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.events.models import Event
from mypolis.offices.audit.event_kinds import AuditEvent

ROWS = 50
_LONGEST_TRANSACTION = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Criteria:
    """What is looked for. `market` is empty for events of the whole portal; `since` and `until` are moments.

    `until` is the first moment that is no longer in the period.
    """

    market: str
    kind: str = ""
    actor: Actor | None = None
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def facts(self) -> dict[str, str]:
        """What was looked for, as facts of an event."""
        words = {"event_kind": self.kind, "actor": str(self.actor or ""), "about": self.subject}
        words["since"] = f"{self.since:%Y-%m-%d}" if self.since else ""
        words["until"] = f"{self.until:%Y-%m-%d}" if self.until else ""
        return {"scope": self.market or "portal"} | {name: word for name, word in words.items() if word}


@dataclass(frozen=True)
class TrailPage:
    """Events of a page, the newest first. `before` names the next page: its events have lower ids; None on the last."""

    events: Sequence[Event]
    before: int | None


def matching(criteria: Criteria) -> QuerySet[Event]:
    """The events that are looked for, in no order."""
    found = Event.objects.filter(market=criteria.market)
    if criteria.kind:
        found = found.filter(kind=criteria.kind)
    if criteria.subject:
        found = found.filter(subject=criteria.subject)
    if criteria.actor is not None:
        found = found.filter(actor_kind=criteria.actor.kind, actor_id=criteria.actor.id)
    if criteria.since is not None:
        earlier = Event.objects.filter(at__lt=criteria.since - _LONGEST_TRANSACTION).order_by("-at")
        found = found.filter(at__gte=criteria.since, id__gt=_id_of_first(earlier) or 0)
    if criteria.until is not None:
        found = found.filter(at__lt=criteria.until)
        later = Event.objects.filter(at__gte=criteria.until + _LONGEST_TRANSACTION).order_by("at")
        if (beyond := _id_of_first(later)) is not None:
            found = found.filter(id__lt=beyond)
    return found


@transaction.atomic
def read_trail(*, criteria: Criteria, market: str, before: int | None, by: Actor) -> TrailPage:
    """Return a page of the events that are looked for, and record who looked for what."""
    rows = matching(criteria)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows.order_by("-id")[: ROWS + 1])
    page = TrailPage(found[:ROWS], found[ROWS - 1].pk if len(found) > ROWS else None)
    record(AuditEvent.AUDIT_READ, market=market, by=by, subject=None, rows=len(page.events), **criteria.facts())
    return page


@transaction.atomic
def read_event(*, number: int, market: str, by: Actor) -> Event:
    """Return one event of a market or of the whole portal, and record who read it. Raises Event.DoesNotExist."""
    found = Event.objects.get(pk=number, market__in=(market, ""))
    record(AuditEvent.AUDIT_READ, market=market, by=by, rows=1, event=found.pk)
    return found


def _id_of_first(rows: QuerySet[Event]) -> int | None:
    return rows.values_list("id", flat=True).first()
