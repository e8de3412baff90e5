"""Received bytes in the storage: encrypted parts, each with its own key, which is derived from the key of its file."""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import transaction

from mypolis.foundation.files.models import ReceivedPart
from mypolis.foundation.files.storage import Pieces, storage
from mypolis.foundation.lib.crypto.sealed_stream import BrokenStreamError, open_stream, seal_stream


def seal_part(*, file: uuid.UUID, key: bytes, start: int, content: Iterable[bytes]) -> ReceivedPart:
    """Encrypt `content` as the part of a file that begins at byte `start`. Returns when it is on disk.

    The row is not saved: save it in the transaction that tells of the bytes. Without a row, the contents are deleted
    after a day. `file` is the id of the received file, or the id that it will get.
    """
    part = ReceivedPart(file=file, start=start, size=0)
    counted = _Counted(content)
    sealed = seal_stream(counted, key=_key_of(part, key), context=_context(part))
    try:
        storage().save(part.place, Pieces(sealed))
    except BaseException:
        _delete([part.place])  # half a part is no use, and a full disk needs the room
        raise
    part.size = counted.size
    return part


def open_parts(*, file: uuid.UUID, key: bytes) -> Iterator[bytes]:
    """The bytes of all parts, in order. Raises FileNotFoundError or BrokenStreamError if something is missing."""
    reached = 0
    for part in ReceivedPart.objects.filter(file=file).order_by("start"):
        if part.start != reached:
            raise BrokenStreamError("a part is missing")
        with storage().open(part.place) as sealed:
            yield from open_stream(sealed, key=_key_of(part, key), context=_context(part))
        reached += part.size


def delete_parts(file: uuid.UUID) -> None:
    """Delete the rows of all parts now, and their contents after the transaction commits."""
    parts = ReceivedPart.objects.filter(file=file)
    places = [part.place for part in parts]
    parts.delete()
    transaction.on_commit(lambda: _delete(places))


def discard_parts(parts: Iterable[ReceivedPart]) -> None:
    """Delete the contents of those parts of which no row was saved. Nobody may be about to save one."""
    sealed = {part.pk: part for part in parts}
    saved = ReceivedPart.objects.filter(pk__in=sealed).values_list("pk", flat=True) if sealed else ()
    _delete([sealed[key].place for key in sealed.keys() - set(saved)])


def _delete(places: Iterable[str]) -> None:
    """Delete contents that no row names. What cannot be deleted now is deleted at night."""
    for place in places:
        with suppress(OSError):
            storage().delete(place)


def _key_of(part: ReceivedPart, key: bytes) -> bytes:
    """The part's own key. Nonces are counters, so two parts must never have the same key.

    The part's id is random. So a part that is written again after a crash has another key, too.
    """
    return HKDF(SHA256(), length=32, salt=None, info=b"mypolis received part " + part.id.bytes).derive(key)


def _context(part: ReceivedPart) -> str:
    """The encryption context. It binds contents to their file and place, so that parts cannot be swapped."""
    return f"files.ReceivedPart:{part.file}:{part.start}"


class _Counted:
    """Counts the bytes that pass through."""

    def __init__(self, content: Iterable[bytes]) -> None:
        self._content, self.size = content, 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._content:
            self.size += len(piece)
            yield piece
