"""Background jobs for files: delete contents without a row, and received bytes that need not be kept.

A room that keeps received bytes after their last day declares `extends = {"files.kept": ("module.function",)}`. The
function is called as `kept(profile)` and returns the owners whose bytes stay for now.
"""

import re
import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

from django.core.files.storage import Storage
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.files.checking.check import check, refuse_unchecked
from mypolis.foundation.files.checking.queue import CHECK, enqueue
from mypolis.foundation.files.models import ReceivedFile, ReceivedPart, ReceivedState, StoredFile, place_of
from mypolis.foundation.files.receiving import forget_bytes
from mypolis.foundation.files.storage import storage
from mypolis.foundation.markets import all_markets
from mypolis.foundation.notices.queue import WHILE_THE_DATABASE_IS_AWAY
from mypolis.foundation.rooms import extensions

_AGE = timedelta(days=1)  # much longer than any transaction that stores a file
_BATCH = 500
_SHELF, _CONTENTS = re.compile(r"[0-9a-f]{2}"), re.compile(r"[0-9a-f]{32}")
_PATIENCE = timedelta(seconds=30)  # a file's first job is in the transaction in which it was received


@app.periodic(cron="23 3 * * *")
@app.task(name="files.sweep", aliases=["mypolis.files.tasks.sweep"], queue="upkeep", queueing_lock="files.sweep")
def sweep(timestamp: int) -> None:
    """Delete contents older than a day whose row was never written or was deleted. Idempotent."""
    folder = storage()
    waiting: list[uuid.UUID] = []
    for file_id in _ids_in(folder):
        waiting.append(file_id)
        if len(waiting) == _BATCH:
            _sweep_some(folder, waiting)
            waiting = []
    _sweep_some(folder, waiting)


@app.periodic(cron="47 * * * *")
@app.task(name="files.forget_received", queue="upkeep", queueing_lock="files.forget_received")
def forget_received(timestamp: int) -> None:
    """Delete received bytes whose last day is over. Hourly, because markets have different midnights. Idempotent."""
    for profile in all_markets().values():
        overdue = ReceivedFile.objects.filter(market=profile.code).overdue(profile.today())
        kept = [owner for kept_in in extensions("files.kept") for owner in kept_in(profile)]
        for received in overdue.not_of(kept).order_by("sealed_until")[:_BATCH]:
            _forget(received)


@transaction.atomic
def _forget(received: ReceivedFile) -> None:
    """Delete the received bytes. A file that still waits for its check would wait for ever, so it is refused."""
    if received.state == ReceivedState.CHECKING:
        refuse_unchecked(received)
    forget_bytes(received=received, by=SYSTEM)


@app.task(name=CHECK, retry=WHILE_THE_DATABASE_IS_AWAY)
def check_file(received_id: str) -> None:
    """Check one received file."""
    check(uuid.UUID(received_id))


@app.periodic(cron="* * * * * 45")
@app.task(name="files.check_waiting", queue="upkeep", queueing_lock="files.check_waiting")
def check_waiting(timestamp: int) -> None:
    """Create a job for files whose check was not possible or failed, the first received first. Idempotent."""
    late = ReceivedFile.objects.without_job(received_before=timezone.now() - _PATIENCE)
    for received in late.order_by("received_at")[:_BATCH]:
        with suppress(AlreadyEnqueued), transaction.atomic():
            enqueue(received)


def _ids_in(folder: Storage) -> Iterator[uuid.UUID]:
    """The ids of all stored contents. A disk has things of its own, such as lost+found, which are left alone."""
    shelves, _files = folder.listdir("") if folder.exists("") else ([], [])
    for shelf in filter(_SHELF.fullmatch, shelves):
        yield from (uuid.UUID(name) for name in filter(_CONTENTS.fullmatch, folder.listdir(shelf)[1]))


def _sweep_some(folder: Storage, file_ids: list[uuid.UUID]) -> None:
    known = {
        pk
        for table in (StoredFile, ReceivedPart)
        for pk in table._base_manager.filter(pk__in=file_ids).values_list("pk", flat=True)
    }
    for file_id in set(file_ids) - known:
        place = place_of(file_id)
        with suppress(FileNotFoundError):  # deleted meanwhile
            if timezone.now() - folder.get_modified_time(place) > _AGE:
                folder.delete(place)
