"""Background jobs for uploads: delete those of which nothing arrived for a day."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.flows import record
from mypolis.foundation.files.models import ReceivedFile, ReceivedPart
from mypolis.foundation.files.sealed_parts import delete_parts
from mypolis.membership.uploads.event_kinds import UploadEvent
from mypolis.membership.uploads.models import Upload
from mypolis.membership.uploads.retention import UNFINISHED

_BATCH = 500


@app.periodic(cron="33 * * * *")
@app.task(name="uploads.forget", queue="upkeep", queueing_lock="uploads.forget")
def forget(timestamp: int) -> None:
    """Delete unfinished uploads with their bytes, and the rows of finished ones. Idempotent."""
    while _forget_some() == _BATCH:
        pass
    for file in _files_of_nobody():
        with transaction.atomic():
            delete_parts(file)


def _files_of_nobody() -> list[UUID]:
    """The files of which only parts are left: their uploads went with the account that had begun them."""
    parts = ReceivedPart.objects.exclude(file__in=Upload.objects.values("pk"))
    return list(parts.exclude(file__in=ReceivedFile.objects.values("pk")).values_list("file", flat=True).distinct())


@transaction.atomic
def _forget_some() -> int:
    old = Upload.objects.untouched_since(timezone.now() - UNFINISHED.life).select_for_update(skip_locked=True)
    found = list(old.order_by("written_at")[:_BATCH])
    for upload in found:
        if upload.received_id is None:
            delete_parts(upload.pk)
    Upload.objects.filter(pk__in=[upload.pk for upload in found]).delete()
    if found:
        record(UploadEvent.UPLOADS_FORGOTTEN, market="", by=SYSTEM, deleted=len(found))
    return len(found)
