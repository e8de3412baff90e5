import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from mypolis.foundation.files.models import ReceivedFile
from mypolis.foundation.lib.crypto.encrypted import EncryptedBytesField, EncryptedJSONField
from mypolis.membership.accounts.models import Account


class UploadQuerySet(models.QuerySet["Upload"]):
    """Queries for uploads."""

    def unfinished(self) -> Self:
        """Uploads of which bytes are missing."""
        return self.filter(finished_at=None)

    def untouched_since(self, moment: datetime) -> Self:
        """Uploads of which nothing arrived since a moment."""
        return self.filter(written_at__lt=moment)


class Upload(models.Model):
    """A file on its way: `offset` of `length` bytes are on disk, in parts of a received file that will get the same id.

    `target` is the key of the metadata that names the owner, and `reference` its value: ("claim", "7"). `metadata` is
    all that the client said. `writer` is the request that writes now. If it stores nothing until `writing_until`,
    another one may write. A finished upload keeps its row for a day, so that a client that lost the last answer learns
    that nothing is missing. `key` then belongs to the received file.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="uploads")
    market = models.CharField(max_length=8)
    target = models.CharField(max_length=24)
    reference = models.CharField(max_length=64)
    metadata = EncryptedJSONField()
    length = models.BigIntegerField()
    offset = models.BigIntegerField(default=0)
    key = EncryptedBytesField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    written_at = models.DateTimeField(default=timezone.now)
    writer = models.UUIDField(null=True)
    writing_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    received = models.ForeignKey(ReceivedFile, on_delete=models.CASCADE, null=True, related_name="+")

    objects = UploadQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["account"], condition=Q(finished_at=None), name="upload_unfinished"),
            models.Index(fields=["written_at"], name="upload_by_age"),
        ]

    @property
    def name(self) -> str:
        """The file's name, cleaned for people's eyes."""
        return str(self.metadata.get("filename") or "")

    def is_written_now(self) -> bool:
        """Whether a request that is still alive writes it."""
        return self.writer is not None and self.writing_until is not None and self.writing_until > timezone.now()
