"""Files that people upload: receive, open for a check, keep sealed, forget. People never get the received bytes."""

import uuid
from collections.abc import Collection, Iterable, Iterator
from datetime import date

from django.db import models, transaction

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.files import flows
from mypolis.foundation.files.checking.queue import enqueue
from mypolis.foundation.files.event_kinds import FileEvent
from mypolis.foundation.files.models import ReceivedFile, StoredFile, owner_key
from mypolis.foundation.files.sealed_parts import delete_parts, open_parts, seal_part
from mypolis.foundation.lib.crypto.sealed_stream import new_key


class BytesForgottenError(Exception):
    """The received bytes were deleted, as planned; only their digests remain."""


@transaction.atomic
def receive(
    *, market: str, owner: models.Model, kind: str, name: str, content: Iterable[bytes], by: Actor
) -> ReceivedFile:
    """Keep `content`, encrypted, as a file that somebody gave for the owner. `name` is what they called it.

    The bytes are on disk before the row is written. The caller limits their number. If the owner has a file of this
    kind with the same bytes, returns that one. Raises ValueError for an owner that no room declares in `file_owners`.
    """
    flows.require_owner(owner)
    file_id, key, measured = uuid.uuid4(), new_key(), flows.Measured(content)
    seal_part(file=file_id, key=key, start=0, content=measured).save(force_insert=True)
    return adopt_parts(
        file_id=file_id,
        key=key,
        size=measured.size,
        sha256=measured.digest.hexdigest(),
        market=market,
        owner=owner,
        kind=kind,
        name=name,
        by=by,
    )


@transaction.atomic
def adopt_parts(
    *,
    file_id: uuid.UUID,
    key: bytes,
    size: int,
    sha256: str,
    market: str,
    owner: models.Model,
    kind: str,
    name: str,
    by: Actor,
) -> ReceivedFile:
    """Make a received file of the parts that were sealed for `file_id` with `key`. Copies nothing.

    If the owner has a file of this kind with the same bytes, deletes the parts and returns that one.
    """
    flows.require_owner(owner)
    # Two uploads of the same bytes may finish at once: the owner's row lets one wait for the other.
    type(owner)._base_manager.select_for_update(no_key=True).get(pk=owner.pk)
    known = ReceivedFile.objects.of(owner).filter(kind=kind).with_contents(sha256).first()
    if known is not None:
        delete_parts(file_id)
        return known
    received = ReceivedFile(
        id=file_id,
        market=market,
        owner=owner_key(owner),
        kind=kind,
        name=name,
        size=size,
        sha256=sha256,
        key=key,
    )
    received.write_keys()
    received.save(force_insert=True)
    record(FileEvent.RECEIVED_FILE_ADDED, market=market, by=by, subject=received, file_kind=kind, size=size)
    enqueue(received)
    return received


def open_received(received: ReceivedFile) -> Iterator[bytes]:
    """The received bytes in pieces, for the check. Never send them to anybody.

    Raises BytesForgottenError. Reading raises FileNotFoundError or BrokenStreamError if the storage lost something.
    """
    if received.key is None:
        raise BytesForgottenError
    return open_parts(file=received.pk, key=bytes(received.key))


@transaction.atomic
def seal_until(*, received: ReceivedFile, day: date | None, by: Actor) -> None:
    """Keep the received bytes until the end of this day; None keeps them until a day is named."""
    received.sealed_until = day
    received.save(update_fields=["sealed_until"])
    _record_sealed(received, day, by=by)


@transaction.atomic
def seal_all_until(*, owners: Collection[models.Model], day: date | None, by: Actor) -> None:
    """Like `seal_until` for all received bytes of several owners that are still kept, with a few queries."""
    rows = ReceivedFile.objects.of_any(owners).filter(key__isnull=False).exclude(sealed_until=day)
    files = list(rows.order_by("pk").select_for_update().only("pk", "market"))
    ReceivedFile.objects.filter(pk__in=[file.pk for file in files]).update(sealed_until=day)
    for file in files:
        _record_sealed(file, day, by=by)


def _record_sealed(received: ReceivedFile, day: date | None, *, by: Actor) -> None:
    until = day.isoformat() if day else None
    record(FileEvent.RECEIVED_FILE_SEALED, market=received.market, by=by, subject=received, until=until)


@transaction.atomic
def forget_bytes(*, received: ReceivedFile, by: Actor) -> None:
    """Delete the received bytes. The row with their digests remains, and so does the cleaned copy. Idempotent."""
    if received.key is None:
        return
    received.key = None
    received.save(update_fields=["key"])
    delete_parts(received.pk)
    record(FileEvent.RECEIVED_FILE_FORGOTTEN, market=received.market, by=by, subject=received)


@transaction.atomic
def remove_received(*, received: ReceivedFile, by: Actor) -> None:
    """Delete the file: its row, the received bytes, the cleaned copy and its previews."""
    made = [*StoredFile.objects.of(received), *filter(None, [received.cleaned])]
    record(FileEvent.RECEIVED_FILE_REMOVED, market=received.market, by=by, subject=received, file_kind=received.kind)
    delete_parts(received.pk)
    received.delete()
    for file in made:
        flows.remove(file=file, by=by)
