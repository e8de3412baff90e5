"""Begins, finishes and removes uploads. Their bytes are written by `writing.py`."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.files.models import ReceivedFile
from mypolis.foundation.files.owners import locked_owner
from mypolis.foundation.files.receiving import adopt_parts
from mypolis.foundation.files.sealed_parts import delete_parts
from mypolis.foundation.lib.crypto.sealed_stream import new_key
from mypolis.membership.accounts.models import Account
from mypolis.membership.uploads.errors import EmptyFile, NoSuchTarget, NoSuchUpload, TooLarge, TooManyUploads
from mypolis.membership.uploads.event_kinds import UploadEvent
from mypolis.membership.uploads.file_names import cleaned_name
from mypolis.membership.uploads.models import Upload
from mypolis.membership.uploads.targets import Metadata, target_in

MOST_UNFINISHED = 40
MOST_UNFINISHED_BYTES = 400 * 1024 * 1024
_LONGEST_REFERENCE = 64


@transaction.atomic
def begin(*, account: Account, length: int, metadata: Mapping[str, str], by: Actor) -> Upload:
    """Begin an upload of `length` bytes.

    Raises NoSuchTarget, NotAccepted, EmptyFile, TooLarge, or TooManyUploads.
    """
    target = target_in(metadata)
    reference = metadata[target.key]
    if len(reference) > _LONGEST_REFERENCE:
        raise NoSuchTarget
    told = {**metadata, "filename": cleaned_name(metadata.get("filename", ""))}
    target.find(account, told, by)
    if length == 0:
        raise EmptyFile
    if length > target.most_bytes:
        raise TooLarge
    _check_room_for(account, length)
    upload = Upload.objects.create(
        account=account,
        market=account.market,
        target=target.key,
        reference=reference,
        metadata=told,
        length=length,
        key=new_key(),
    )
    record(UploadEvent.UPLOAD_BEGUN, market=upload.market, by=by, subject=upload, length=length)
    return upload


def _check_room_for(account: Account, length: int) -> None:
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)  # two requests must not both take the last place
    mine = Upload.objects.unfinished().filter(account=account)
    total = mine.aggregate(total=Sum("length"))["total"] or 0
    if mine.count() >= MOST_UNFINISHED or total + length > MOST_UNFINISHED_BYTES:
        raise TooManyUploads


def upload_of(account: Account, upload_id: UUID) -> Upload:
    """The member's upload with this id. Raises NoSuchUpload."""
    upload = Upload.objects.filter(account=account, pk=upload_id).first()
    if upload is None:
        raise NoSuchUpload
    return upload


def unfinished(account: Account, metadata: Metadata) -> list[Upload]:
    """The member's unfinished uploads for the owner that the metadata names, the oldest first. Raises NoSuchTarget."""
    target = target_in(metadata)
    mine = Upload.objects.unfinished().filter(account=account, target=target.key, reference=metadata[target.key])
    return list(mine.order_by("created_at"))


@transaction.atomic
def finish(*, upload: Upload, sha256: str, by: Actor) -> ReceivedFile:
    """Turn a complete upload into a received file of its owner, without copying it. The caller has locked the row.

    Raises NoSuchTarget or NotAccepted if the owner no longer takes the file.
    """
    target = target_in(upload.metadata)
    owner = target.find(upload.account, upload.metadata, by)
    received = adopt_parts(
        file_id=upload.pk,
        key=bytes(upload.key or b""),
        size=upload.length,
        sha256=sha256,
        market=upload.market,
        owner=owner,
        kind=upload.metadata.get("document", ""),
        name=upload.name,
        by=by,
    )
    upload.received, upload.key, upload.finished_at = received, None, timezone.now()
    upload.writer = upload.writing_until = None
    upload.save(update_fields=["received", "key", "finished_at", "writer", "writing_until"])
    record(UploadEvent.UPLOAD_FINISHED, market=upload.market, by=by, subject=upload, file=str(received.pk))
    target.received(received, by)
    return received


def remove(*, account: Account, upload_id: UUID, by: Actor) -> None:
    """Remove an upload, and its file if it is finished. Raises NoSuchUpload, or NotAccepted if it is too late.

    Call it outside a transaction: if the upload is finished meanwhile, its lock must end before the owner is locked.
    """
    if not _remove_unfinished(account, upload_id, by=by):
        _remove_finished(account, upload_id, by=by)


@transaction.atomic
def _remove_unfinished(account: Account, upload_id: UUID, *, by: Actor) -> bool:
    """Returns whether there was such an unfinished upload."""
    mine = Upload.objects.unfinished().filter(account=account, pk=upload_id)
    upload = mine.select_for_update().first()
    if upload is None:
        return False
    record(UploadEvent.UPLOAD_REMOVED, market=upload.market, by=by, subject=upload)
    delete_parts(upload.pk)
    upload.delete()
    return True


@transaction.atomic
def _remove_finished(account: Account, upload_id: UUID, *, by: Actor) -> None:
    """Remove the file, too. Locks its owner first: a draft that is discarded deletes the uploads of its files."""
    mine = Upload.objects.filter(account=account, pk=upload_id)
    upload = mine.select_related("received").first()
    received = upload.received if upload is not None else None
    if received is None:
        raise NoSuchUpload
    locked_owner(received)
    upload = mine.select_for_update().first()
    if upload is None:
        raise NoSuchUpload
    record(UploadEvent.UPLOAD_REMOVED, market=upload.market, by=by, subject=upload)
    upload.delete()
    target_in(upload.metadata).remove(account, received, by)
