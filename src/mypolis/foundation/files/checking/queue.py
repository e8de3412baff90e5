"""The queue of received files that wait for their check."""

from procrastinate.contrib.django import app

from mypolis.foundation.files.models import ReceivedFile
from mypolis.foundation.notices.queue import FILES

CHECK = "files.check"


def enqueue(received: ReceivedFile) -> None:
    """Add the job that checks the file, in the caller's transaction.

    A file has at most one waiting job, and one that runs. Raises AlreadyEnqueued if it has one that waits.
    """
    key = str(received.pk)
    app.configure_task(CHECK, queue=FILES, lock=key, queueing_lock=key).defer(received_id=key)
