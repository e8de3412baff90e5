"""The jobs of this room. All are idempotent."""

from datetime import timedelta
from uuid import UUID

import structlog
from asgiref.sync import async_to_sync
from django.db import transaction
from django.utils import timezone
from procrastinate import exceptions
from procrastinate.contrib.django import app
from procrastinate.jobs import Job, Status

from mypolis.foundation.notices import delivery
from mypolis.foundation.notices.models import Message
from mypolis.foundation.notices.queue import (
    DELIVER,
    MOST_ATTEMPTS,
    STALLED_SECONDS,
    UPKEEP,
    UPKEEP_FIRST,
    WHILE_THE_DATABASE_IS_AWAY,
    enqueue,
)

ORPHANED_AFTER = timedelta(minutes=1)

_log = structlog.get_logger(__name__)


@app.task(name=DELIVER, retry=WHILE_THE_DATABASE_IS_AWAY)
def deliver(message_id: str) -> None:
    """Send one message."""
    delivery.deliver(UUID(message_id))


# The sixth cron field is the seconds.
@app.periodic(cron="* * * * * */15")
@app.task(
    name="notices.rescue_jobs",
    aliases=["mypolis.notices.tasks.rescue_jobs"],
    queue=UPKEEP,
    priority=UPKEEP_FIRST,
    queueing_lock="rescue_jobs",
)
def rescue_jobs(timestamp: int) -> None:
    """Return jobs of a dead worker to the queue, for all rooms."""
    stalled = async_to_sync(app.job_manager.get_stalled_jobs)(seconds_since_heartbeat=STALLED_SECONDS)
    for job in stalled:
        _rescue(job)


@app.periodic(cron="* * * * * 30")
@app.task(
    name="notices.rescue_messages",
    aliases=["mypolis.notices.tasks.rescue_messages"],
    queue=UPKEEP,
    priority=UPKEEP_FIRST,
    queueing_lock="rescue_messages",
)
def rescue_messages(timestamp: int) -> None:
    """Create a job for messages whose job failed through a fault of ours, and close expired messages."""
    now = timezone.now()
    with transaction.atomic():
        # Do not load the contents: a message that cannot be decrypted must be closed too.
        orphans = Message.objects.without_job(written_before=now - ORPHANED_AFTER).defer("to", "context")
        for message in orphans.select_for_update(skip_locked=True):
            if message.expires_at <= now:
                delivery.expire(message)
            else:
                enqueue(message)


def _rescue(job: Job) -> None:
    finish = async_to_sync(app.job_manager.finish_job)
    if job.attempts >= MOST_ATTEMPTS:
        _log.error("job.given_up", job=job.id, task=job.task_name)
        finish(job, status=Status.FAILED, delete_job=False)
        return
    try:
        with transaction.atomic():
            async_to_sync(app.job_manager.retry_job)(job)
    except exceptions.UniqueViolation:
        # A successor of this job is already waiting.
        finish(job, status=Status.FAILED, delete_job=True)
