"""The only writer of the audit trail."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import batched
from typing import TYPE_CHECKING, cast

from django.db import connection, models, transaction
from django.utils import timezone

from mypolis.foundation.events.actor import Actor
from mypolis.foundation.events.kinds import Kind
from mypolis.foundation.lib.postgres.copied_rows import copy_values

if TYPE_CHECKING:
    from mypolis.foundation.lib.postgres.patient_postgres.base import DatabaseWrapper

_INSERT = "INSERT INTO events_event (at, market, kind, actor_kind, actor_id, subject, address, client, facts) VALUES "
_ROW = "(%s, %s, %s, %s, %s, %s, %s, %s, %s)"
_COLUMNS = ("at", "market", "kind", "actor_kind", "actor_id", "subject", "address", "client", "facts")
_AT_A_TIME = 2_000
_MANY = 100  # from here on, COPY is faster

type _Row = tuple[str | datetime | None, ...]


def record(
    kind: Kind, *, market: str, by: Actor, subject: models.Model | None = None, **facts: str | int | bool | None
) -> None:
    """Write one event in the same transaction as the change that it records. `facts` are ids and counts only.

    The event also keeps the actor's IP address and client, which are personal data.
    """
    row = _row(kind, market=market, by=by, subject=subject, facts=facts)
    if _database().is_gathering:
        _database().gather(row)
    else:
        _write([row])


def record_many(kind: Kind, *, market: str, by: Actor, subjects: Iterable[models.Model]) -> None:
    """Write the same kind of event for many rows at once. For bulk loads."""
    for some in batched(subjects, _AT_A_TIME):
        _write([_row(kind, market=market, by=by, subject=subject, facts={}) for subject in some])


@contextmanager
def recorded_together() -> Iterator[None]:
    """Open a transaction that writes all its events with one statement, just before it ends.

    A nested call only opens a savepoint. Events recorded inside a savepoint that was rolled back are not written.
    """
    with transaction.atomic():
        if _database().is_gathering:
            yield
            return
        with _database().gathering() as rows:
            yield
            _write(rows)


def _write(rows: Sequence[_Row]) -> None:
    """Insert all rows with one statement. It bypasses Django's models for speed: nearly every request does this."""
    if len(rows) >= _MANY:
        copy_values("events_event", _COLUMNS, rows)
    elif rows:
        with connection.cursor() as cursor:
            cursor.execute(_INSERT + ", ".join([_ROW] * len(rows)), [value for row in rows for value in row])


def _row(
    kind: Kind, *, market: str, by: Actor, subject: models.Model | None, facts: dict[str, str | int | bool | None]
) -> _Row:
    return (
        timezone.now(),
        market,
        kind.value,
        by.kind,
        by.id,
        f"{subject._meta.label_lower}:{subject.pk}" if subject is not None else "",
        by.address or None,
        by.client[:200],
        json.dumps(facts) if facts else "{}",
    )


def _database() -> "DatabaseWrapper":
    return cast("DatabaseWrapper", connection)
