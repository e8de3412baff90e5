import uuid
from collections.abc import Iterable
from typing import Self

from django.db import models
from django.utils import timezone

from mypolis.foundation.lib.crypto.encrypted import EncryptedBytesField, EncryptedTextField


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


def place_of(file_id: uuid.UUID) -> str:
    """`ab/abcdef…`: the first digits are the folder, so that no folder gets too large."""
    return f"{file_id.hex[:2]}/{file_id.hex}"


def owner_key(owner: models.Model) -> str:
    """The name of a row as an owner: `people.policy:7`. The row must be saved."""
    if owner.pk is None:
        raise ValueError("only a saved row can own files")
    return f"{owner._meta.label_lower}:{owner.pk}"
