import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Self, cast

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from mypolis.foundation.files.cleaning.reasons import Reason
from mypolis.foundation.files.cleaning.refusal_texts import refusal_text
from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.lib.crypto.encrypted import EncryptedBytesField, EncryptedTextField

_CONTENTS = "received-contents"


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    """Queries for files."""

    def of(self, owner: models.Model) -> Self:
        """The files of one owner. The caller must have access to the owner."""
        return self.filter(owner=owner_key(owner))

    def of_any(self, owners: Iterable[models.Model]) -> Self:
        """The files of several owners. The caller must have access to all of them."""
        return self.filter(owner__in=[owner_key(owner) for owner in owners])


class StoredFile(models.Model):
    """The metadata of a stored file. The contents are in the storage under `place`, encrypted with `key`.

    `owner` names the row that the file belongs to; the room of that row decides who may see it. `name` is shown to
    people. `size` (bytes) and `sha256` (hex) are those of the original contents.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    market = models.CharField(max_length=8)
    owner = models.CharField(max_length=80)
    kind = models.CharField(max_length=24)
    name = EncryptedTextField()
    media_type = models.CharField(max_length=80)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    key = EncryptedBytesField()
    stored_at = models.DateTimeField(default=timezone.now)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["owner", "-stored_at"], name="file_by_owner")]

    @property
    def place(self) -> str:
        """The path of the encrypted contents in the storage. It uses the id, so that it does not reveal the owner."""
        return place_of(self.id)


class ReceivedState(models.TextChoices):
    """What is known about a received file. Only a `clean` one has a copy that people can open."""

    CHECKING = "checking"
    CLEAN = "clean"
    REFUSED = "refused"


class ReceivedFileQuerySet(models.QuerySet["ReceivedFile"]):
    """Queries for received files."""

    def of(self, owner: models.Model) -> Self:
        """The received files of one owner. The caller must have access to the owner."""
        return self.filter(owner=owner_key(owner))

    def of_any(self, owners: Iterable[models.Model]) -> Self:
        """The received files of several owners. The caller must have access to all of them."""
        return self.filter(owner__in=[owner_key(owner) for owner in owners])

    def not_of(self, owners: Iterable[models.Model]) -> Self:
        """The received files of all but these owners."""
        return self.exclude(owner__in=[owner_key(owner) for owner in owners])

    def with_contents(self, *sha256: str) -> Self:
        """The files in which exactly one of these contents was received. Searches under every key of the ring."""
        ring = keyring.current()
        digests = [digest for one in sha256 for digest in ring.digests(one, purpose=_CONTENTS)]
        return self.filter(sha256_digest__in=digests)

    def waiting(self) -> Self:
        """The files that wait for their check, if their bytes are still there."""
        return self.filter(state=ReceivedState.CHECKING, key__isnull=False)

    def without_job(self, *, received_before: datetime) -> Self:
        """The waiting files that have no job, because their check was not possible or their job failed."""
        jobs = ProcrastinateJob.objects.filter(
            queueing_lock=Cast(OuterRef("pk"), models.TextField()), status__in=("todo", "doing")
        )
        return self.waiting().filter(~Exists(jobs), received_at__lt=received_before)

    def overdue(self, today: date) -> Self:
        """The files whose received bytes need not be kept any longer on this day."""
        return self.filter(key__isnull=False, sealed_until__lt=today)


class ReceivedFile(models.Model):
    """A file that somebody uploaded. The received bytes are encrypted, in parts, and never served to anybody.

    A check makes `cleaned`, the copy that people may open, and sets `state`, `reason` (why it was refused), `pages` and
    `trace`: what a picture's own notes say about editing, in one word. The notes are not stored.
    `size` (bytes) and `sha256` (hex) are those of the received bytes; the keyed digest of `sha256` finds duplicates.
    The bytes are kept until the end of the day `sealed_until`, or as long as that is None. Then `key` and the parts
    are deleted, and only the digests remain.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    market = models.CharField(max_length=8)
    owner = models.CharField(max_length=80)
    kind = models.CharField(max_length=24)
    name = EncryptedTextField()
    size = models.BigIntegerField()
    sha256 = EncryptedTextField()
    sha256_digest = models.BinaryField(max_length=32)
    key = EncryptedBytesField(null=True)
    state = models.CharField(max_length=8, choices=ReceivedState, default=ReceivedState.CHECKING)
    reason = models.CharField(max_length=40, blank=True)
    pages = models.PositiveIntegerField(null=True)
    trace = models.CharField(max_length=12, blank=True, default="", db_default="")
    cleaned = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(default=timezone.now)
    checked_at = models.DateTimeField(null=True)
    sealed_until = models.DateField(null=True)

    objects = ReceivedFileQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "received_at"], name="received_by_owner"),
            models.Index(fields=["sha256_digest"], name="received_by_contents"),
            models.Index(fields=["sealed_until"], condition=Q(key__isnull=False), name="received_sealed_until"),
        ]

    @property
    def refusal(self) -> str:
        """What is wrong with a refused file, and what to do, in the current language; empty for other files."""
        return refusal_text(cast("Reason", self.reason)) if self.reason else ""

    def write_keys(self) -> None:
        """Recompute the digest that finds duplicates. Call it before every save that changes `sha256`."""
        self.sha256_digest = keyring.current().digest(self.sha256, purpose=_CONTENTS)


class ReceivedPart(models.Model):
    """A piece of a received file, or of an upload that is not finished: `size` bytes from `start` on.

    `file` is the id of the received file; an unfinished upload has the id that the file will get. The encrypted
    contents are in the storage under `place`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.UUIDField()
    start = models.BigIntegerField()
    size = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "start"], name="received_part_once")]

    @property
    def place(self) -> str:
        """The path of the encrypted contents in the storage."""
        return place_of(self.id)


def place_of(file_id: uuid.UUID) -> str:
    """`ab/abcdef…`: the first digits are the folder, so that no folder gets too large."""
    return f"{file_id.hex[:2]}/{file_id.hex}"


def owner_key(owner: models.Model) -> str:
    """The name of a row as an owner: `people.policy:7`. The row must be saved."""
    if owner.pk is None:
        raise ValueError("only a saved row can own files")
    return f"{owner._meta.label_lower}:{owner.pk}"
