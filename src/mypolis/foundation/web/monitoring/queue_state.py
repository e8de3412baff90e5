"""What the queue tells of itself: how much waits, for how long, and whether anybody works. Reads only."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from django.db import connection

# A job waits since the time it was put off to, else since it was put in. Ids come in order, so that the
# oldest is found without a look at every job's events.
_WAITING = """
    WITH due AS (
        SELECT id, queue_name, scheduled_at FROM procrastinate_jobs
        WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()) AND priority > %s
    ), by_queue AS (
        SELECT queue_name, count(*) AS jobs, min(scheduled_at) AS put_off_to,
               min(id) FILTER (WHERE scheduled_at IS NULL) AS first
        FROM due GROUP BY queue_name
    )
    SELECT queue_name, jobs, extract(epoch FROM now() - least(
        put_off_to, (SELECT min(at) FROM procrastinate_events WHERE job_id = first)
    ))::float8
    FROM by_queue ORDER BY queue_name
"""
_ANY = -(2**31)


@dataclass(frozen=True)
class Waiting:
    """Jobs of one queue that could run now, and for how long the oldest of them could have."""

    name: str
    jobs: int
    oldest_seconds: float


class Asker[Answer]:
    """Asks the database one question in a thread of its own, so that nobody waits long for a database that hangs.

    While a question is open, others who ask share it: a hanging database holds this one thread.
    """

    def __init__(self, question: Callable[[], Answer]) -> None:
        self._question = question
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=question.__name__)
        self._open: Future[Answer] | None = None

    def ask(self, *, seconds: float) -> Answer:
        """The answer. Raises TimeoutError when it takes longer, and what the question raises."""
        asked = self._open
        if asked is None or asked.done():
            asked = self._open = self._thread.submit(self._run)
        return asked.result(timeout=seconds)

    def _run(self) -> Answer:
        try:
            return self._question()
        finally:
            connection.close()  # back to the pool


def waiting(*, urgent_only: bool = False) -> list[Waiting]:
    """The queues in which something waits. Urgent jobs are those of a priority above the ordinary 0."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [0 if urgent_only else _ANY])
        return [Waiting(name, jobs, max(0.0, seconds or 0.0)) for name, jobs, seconds in cursor.fetchall()]


def seconds_since_heartbeat() -> float | None:
    """How long ago a worker last gave a sign of life; None when there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM now() - max(last_heartbeat))::float8 FROM procrastinate_workers")
        (seconds,) = cursor.fetchone()
    return None if seconds is None else float(seconds)
