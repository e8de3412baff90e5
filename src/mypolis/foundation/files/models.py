import uuid
from collections.abc import Iterable
from typing import Self

from django.db import models
from django.utils import timezone

from mypolis.foundation.lib.crypto.encrypted import EncryptedBytesField, EncryptedTextField


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    """Reads of files."""

    def of(self, owner: models.Model) -> Self:
        """The files of one row, which the caller may see."""
        return self.filter(owner=owner_key(owner))

    def of_any(self, owners: Iterable[models.Model]) -> Self:
        """The files of several rows, all of which the caller may see."""
        return self.filter(owner__in=[owner_key(owner) for owner in owners])


class StoredFile(models.Model):
    """A file that is kept for somebody: what it is. Its contents lie in the storage under `place`, sealed by `key`.

    `owner` names the row that the file belongs to; the room of that row decides who may see it. `name` is what people
    see. `size` and `sha256` (hex) are those of the contents as they came.
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
        """Where the sealed contents lie in the storage: by id, so that no name tells whose they are."""
        return place_of(self.id)


def place_of(file_id: uuid.UUID) -> str:
    """`ab/abcdef…`: folders of some hundred files each, however many there are."""
    return f"{file_id.hex[:2]}/{file_id.hex}"


def owner_key(owner: models.Model) -> str:
    """How a row is named as an owner: `people.policy:7`. It must be saved."""
    if owner.pk is None:
        raise ValueError("a row that is not saved owns nothing")
    return f"{owner._meta.label_lower}:{owner.pk}"
