"""Stores, opens and deletes files. The caller names the owner of each file."""

import hashlib
import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache

from django.core.files.base import File
from django.db import models, transaction

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.files.event_kinds import FileEvent
from mypolis.foundation.files.models import StoredFile, owner_key, place_of
from mypolis.foundation.files.storage import Pieces, storage
from mypolis.foundation.lib.crypto.sealed_stream import new_key, open_stream, seal_stream
from mypolis.foundation.rooms import all_rooms


@transaction.atomic
def store(
    *,
    market: str,
    owner: models.Model,
    kind: str,
    name: str,
    media_type: str,
    content: Iterable[bytes],
    by: Actor,
) -> StoredFile:
    """Store `content`, encrypted, as a file of the owner. `name`, with its extension, is shown to people.

    The contents are on disk before the row is written, so a row never points to a missing file. A job later deletes
    what a failed transaction left behind. Raises ValueError for an owner that no room declares in `file_owners`.
    """
    require_owner(owner)
    file_id, key, measured = uuid.uuid4(), new_key(), Measured(content)
    storage().save(place_of(file_id), Pieces(seal_stream(measured, key=key, context=_context(file_id))))
    file = StoredFile.objects.create(
        id=file_id,
        market=market,
        owner=owner_key(owner),
        kind=kind,
        name=name,
        media_type=media_type,
        size=measured.size,
        sha256=measured.digest.hexdigest(),
        key=key,
    )
    record(FileEvent.FILE_STORED, market=market, by=by, subject=file, file_kind=kind, size=file.size)
    return file


@cache
def owners() -> frozenset[str]:
    """The models whose rows may own files, as declared by the rooms."""
    return frozenset(owner for room in all_rooms() for owner in room.file_owners)


def require_owner(owner: models.Model) -> None:
    """Raise ValueError for an owner that no room declares in `file_owners`."""
    if owner._meta.label_lower not in owners():
        raise ValueError(f"no room declares {owner._meta.label_lower} in file_owners")


def find(file_id: uuid.UUID, *, owner: models.Model) -> StoredFile | None:
    """The owner's file with this id; None when it does not exist or has another owner."""
    return StoredFile.objects.of(owner).filter(pk=file_id).first()


@transaction.atomic
def open_file(*, file: StoredFile, owner: models.Model, by: Actor) -> Iterator[bytes]:
    """The contents in pieces, for somebody who may see the owner. Records that the file was opened.

    Raises PermissionError for another owner's file, which is a bug in the caller, since `find` never returns one.
    Raises FileNotFoundError when the storage lost it. Reading raises BrokenStreamError when the contents were changed.
    """
    if file.owner != owner_key(owner):
        raise PermissionError("another owner's file")
    sealed = storage().open(file.place)
    record(FileEvent.FILE_OPENED, market=file.market, by=by, subject=file)
    return _closing(sealed, open_stream(sealed, key=bytes(file.key), context=_context(file.id)))


@transaction.atomic
def remove(*, file: StoredFile, by: Actor) -> None:
    """Delete the row, which holds the only key, now. Delete the contents after the transaction commits."""
    place = file.place
    record(FileEvent.FILE_REMOVED, market=file.market, by=by, subject=file, file_kind=file.kind)
    file.delete()
    transaction.on_commit(lambda: _delete(place))


def _delete(place: str) -> None:
    """Delete contents that no row names. What cannot be deleted now is deleted at night."""
    with suppress(OSError):
        storage().delete(place)


def _context(file_id: uuid.UUID) -> str:
    """The encryption context. It binds contents to their row, so that the contents of two files cannot be swapped."""
    return f"files.StoredFile:{file_id}"


def _closing(sealed: "File[bytes]", pieces: Iterator[bytes]) -> Iterator[bytes]:
    with sealed:
        yield from pieces


class Measured:
    """Computes size and digest of the pieces that pass through."""

    def __init__(self, content: Iterable[bytes]) -> None:
        self._content, self.size, self.digest = content, 0, hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        for part in self._content:
            self.size += len(part)
            self.digest.update(part)
            yield part
