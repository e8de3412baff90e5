"""The queue of received files that wait for their check."""

from procrastinate.contrib.django import app

from mypolis.foundation.files.models import ReceivedFile

CHECK = "files.check"
QUEUE = "files"


def enqueue(received: ReceivedFile) -> None:
    """Add the job that checks the file, in the caller's transaction.

    A file has at most one waiting job, and one that runs. Raises AlreadyEnqueued if it has one that waits.
    """
    key = str(received.pk)
    app.configure_task(CHECK, queue=QUEUE, lock=key, queueing_lock=key).defer(received_id=key)
