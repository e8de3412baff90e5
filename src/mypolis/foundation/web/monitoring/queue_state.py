"""The state of the job queue: how many jobs wait, for how long, and whether a worker is alive. Reads only."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from django.db import connection

# A job waits since its scheduled time, if it has one, else since it was added. Ids are in order, so the oldest job is
# found without reading the events of every job.
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
_WORK = """
    SELECT coalesce(sum(jobs), 0)::bigint, max(seconds),
           (SELECT extract(epoch FROM now() - max(last_heartbeat))::float8 FROM procrastinate_workers),
           (SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed')
    FROM (QUEUES) AS queues (name, jobs, seconds)
""".replace("QUEUES", _WAITING)
_ANY = -(2**31)


@dataclass(frozen=True)
class Waiting:
    """The jobs of one queue that are ready to run, and for how long the oldest of them has been ready."""

    name: str
    jobs: int
    oldest_seconds: float


@dataclass(frozen=True)
class Work:
    """All queues together, when a worker was last alive (None: there is none), and the jobs that ended in an error."""

    jobs: int
    oldest_seconds: float
    seconds_since_heartbeat: float | None
    failed: int


class TimedQuery[Answer]:
    """Runs one query in its own thread, so that callers do not wait long if the database hangs.

    While a query runs, further callers share its result, so a hanging database blocks only this one thread.
    """

    def __init__(self, query: Callable[[], Answer]) -> None:
        self._query = query
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=query.__name__)
        self._open: Future[Answer] | None = None

    def run(self, *, seconds: float) -> Answer:
        """Return the query's result. Raises TimeoutError if it takes longer, and whatever the query raises."""
        running = self._open
        if running is None or running.done():
            running = self._open = self._thread.submit(self._run)
        return running.result(timeout=seconds)

    def _run(self) -> Answer:
        try:
            return self._query()
        finally:
            connection.close()  # back to the pool


def waiting(*, urgent_only: bool = False) -> list[Waiting]:
    """Return the queues that have waiting jobs. Urgent jobs have a priority above the default 0."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [0 if urgent_only else _ANY])
        return [Waiting(name, jobs, max(0.0, seconds or 0.0)) for name, jobs, seconds in cursor.fetchall()]


def seconds_since_heartbeat() -> float | None:
    """Return the seconds since the last heartbeat of any worker, or None if there is no worker."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM now() - max(last_heartbeat))::float8 FROM procrastinate_workers")
        (seconds,) = cursor.fetchone()
    return None if seconds is None else float(seconds)


def work() -> Work:
    """Return the state of all queues and workers, with one query."""
    with connection.cursor() as cursor:
        cursor.execute(_WORK, [_ANY])
        jobs, oldest, heartbeat, failed = cursor.fetchone()
    return Work(jobs, max(0.0, oldest or 0.0), heartbeat, failed)
