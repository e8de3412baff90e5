"""Writes the bytes of an upload as they arrive, as sealed parts. Every committed part survives a crash."""

import hashlib
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.files.models import ReceivedPart
from mypolis.foundation.files.sealed_parts import discard_parts, open_parts, seal_part
from mypolis.membership.accounts.models import Account
from mypolis.membership.uploads.errors import (
    BeingWritten,
    NoSuchUpload,
    StorageAway,
    TooLarge,
    UploadError,
    WrongOffset,
)
from mypolis.membership.uploads.flows import finish
from mypolis.membership.uploads.models import Upload

PART_BYTES = 16 * 1024 * 1024  # a crash loses at most this much of what was sent
PART_SECONDS = 2.0  # or what a slow client sent in this time
LEASE = timedelta(seconds=4)  # a writer that stores nothing for so long counts as dead


class Body(Protocol):
    """The bytes that a client sends. `length` is what it announced; None if it did not."""

    length: int | None

    def __iter__(self) -> Iterator[bytes]: ...


def append(*, account: Account, upload_id: uuid.UUID, offset: int, body: Body, by: Actor) -> Upload:
    """Store the body's bytes from `offset` on, as far as they arrive. Finishes the upload with its last byte.

    Returns the upload with its new offset. Raises NoSuchUpload, WrongOffset, BeingWritten, TooLarge, StorageAway (each
    may come after some parts were stored), and what `flows.finish` raises.
    """
    with _slot(account):
        upload = _lease(account=account, upload_id=upload_id, offset=offset, announced=body.length)
        try:
            if not upload.finished_at:
                _Writer(upload, by).write(body)
        finally:
            if not upload.finished_at:
                Upload.objects.filter(pk=upload.pk, writer=upload.writer).update(writer=None, writing_until=None)
        return upload


# Uploads wait for phones. At least one thread of each process must stay free for everybody else, and the uploads of one
# member must leave room for those of others.
_SLOTS = max(1, settings.MYPOLIS.web_threads - 1)
_SLOTS_OF_ONE = (_SLOTS + 1) // 2
_writing: Counter[int] = Counter()
_counting = threading.Lock()


@contextmanager
def _slot(account: Account) -> Iterator[None]:
    with _counting:
        if _writing.total() >= _SLOTS or _writing[account.pk] >= _SLOTS_OF_ONE:
            raise StorageAway
        _writing[account.pk] += 1
    try:
        yield
    finally:
        with _counting:
            _writing[account.pk] -= 1
            if not _writing[account.pk]:
                del _writing[account.pk]


@transaction.atomic
def _lease(*, account: Account, upload_id: uuid.UUID, offset: int, announced: int | None) -> Upload:
    """Lock the upload for one writer, by a lease and not by a transaction, which must not be open for minutes."""
    upload = Upload.objects.select_for_update().filter(account=account, pk=upload_id).first()
    if upload is None:
        raise NoSuchUpload
    if upload.is_written_now():
        raise BeingWritten
    if offset != upload.offset:
        raise WrongOffset
    if announced is not None and offset + announced > upload.length:
        raise TooLarge
    if not upload.finished_at:
        upload.writer, upload.writing_until = uuid.uuid4(), timezone.now() + LEASE
        upload.save(update_fields=["writer", "writing_until"])
    return upload


class _Writer:
    """Writes one body to a leased upload."""

    def __init__(self, upload: Upload, by: Actor) -> None:
        self._upload, self._by = upload, by
        self._key = bytes(upload.key or b"")
        self._digest: hashlib._Hash | None = None

    def write(self, body: Body) -> None:
        self._digest = self._digest_so_far(body.length)
        pieces = iter(body)
        while first := next(pieces, b""):
            part = self._sealed(_part(first, pieces))
            try:
                self._commit(part)
            except UploadError:  # not for a database error: the commit may have succeeded, and then the part is needed
                discard_parts([part])
                raise

    def _digest_so_far(self, announced: int | None) -> "hashlib._Hash | None":
        """The digest of what is stored; None if this body does not reach the end, and the digest is not needed."""
        stored = self._upload.offset
        if announced is not None and stored + announced < self._upload.length:
            return None
        digest = hashlib.sha256()
        if stored:
            for piece in open_parts(file=self._upload.pk, key=self._key):
                digest.update(piece)
        return digest

    def _sealed(self, content: Iterable[bytes]) -> ReceivedPart:
        try:
            return seal_part(
                file=self._upload.pk, key=self._key, start=self._upload.offset, content=self._measured(content)
            )
        except OSError as error:  # the body's own errors end in `RequestBody`
            raise StorageAway from error

    def _measured(self, content: Iterable[bytes]) -> Iterator[bytes]:
        left = self._upload.length - self._upload.offset
        for piece in content:
            left -= len(piece)
            if left < 0:
                raise TooLarge
            if self._digest is not None:
                self._digest.update(piece)
            yield piece

    @transaction.atomic
    def _commit(self, part: ReceivedPart) -> None:
        stored = Upload.objects.select_for_update().filter(pk=self._upload.pk).first()
        if stored is None:
            raise NoSuchUpload
        if stored.writer != self._upload.writer or stored.offset != part.start:
            raise BeingWritten  # this request was too slow; another one writes now
        part.save(force_insert=True)
        now = timezone.now()
        offset = part.start + part.size
        Upload.objects.filter(pk=stored.pk).update(offset=offset, written_at=now, writing_until=now + LEASE)
        stored.offset = offset
        if offset == stored.length and self._digest is not None:
            finish(upload=stored, sha256=self._digest.hexdigest(), by=self._by)
            self._upload.finished_at = stored.finished_at
        self._upload.offset = offset


def _part(first: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The next pieces of the body, as many as become one part."""
    ends_at, size = time.monotonic() + PART_SECONDS, len(first)
    yield first
    while size < PART_BYTES and time.monotonic() < ends_at:
        piece = next(pieces, b"")
        if not piece:
            return
        size += len(piece)
        yield piece
