"""The only writer of the audit trail."""

import json
from collections.abc import Iterable

from django.db import connection, models
from django.utils import timezone

from mypolis.foundation.events.actor import Actor
from mypolis.foundation.events.kinds import Kind
from mypolis.foundation.events.models import Event

_INSERT = """
    INSERT INTO events_event (at, market, kind, actor_kind, actor_id, subject, address, client, facts)
    VALUES (%(at)s, %(market)s, %(kind)s, %(actor_kind)s, %(actor_id)s, %(subject)s, %(address)s, %(client)s, %(facts)s)
"""


def record(
    kind: Kind, *, market: str, by: Actor, subject: models.Model | None = None, **facts: str | int | bool | None
) -> None:
    """Write one event in the transaction of the change it tells. `facts` are ids and counts only.

    The event also keeps the actor's IP address and client, which are personal data.
    """
    event = _event(kind, market=market, by=by, subject=subject, facts=facts)
    with connection.cursor() as cursor:  # once or more in every request: the mapper's work for it would be felt
        cursor.execute(_INSERT, {**vars(event), "facts": json.dumps(facts)})


def record_many(kind: Kind, *, market: str, by: Actor, subjects: Iterable[models.Model]) -> None:
    """Write the same event for many rows at once, for bulk loads."""
    Event.objects.bulk_create(
        [_event(kind, market=market, by=by, subject=subject, facts={}) for subject in subjects], batch_size=2_000
    )


def _event(
    kind: Kind, *, market: str, by: Actor, subject: models.Model | None, facts: dict[str, str | int | bool | None]
) -> Event:
    return Event(
        at=timezone.now(),
        market=market,
        kind=kind,
        actor_kind=by.kind,
        actor_id=by.id,
        subject=f"{subject._meta.label_lower}:{subject.pk}" if subject is not None else "",
        address=by.address or None,
        client=by.client[:200],
        facts=facts,
    )
