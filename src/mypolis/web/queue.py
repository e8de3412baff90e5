"""What the queue tells of itself: how much waits, for how long, and whether anybody works. Reads only."""

from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

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


def waiting(connection: BaseDatabaseWrapper, *, urgent_only: bool = False) -> list[Waiting]:
    """The queues in which something waits. Urgent jobs are those of a priority above the ordinary 0."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [0 if urgent_only else _ANY])
        return [Waiting(name, jobs, max(0.0, seconds or 0.0)) for name, jobs, seconds in cursor.fetchall()]


def seconds_since_heartbeat(connection: BaseDatabaseWrapper) -> float | None:
    """How long ago a worker last gave a sign of life; None when there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM now() - max(last_heartbeat))::float8 FROM procrastinate_workers")
        (seconds,) = cursor.fetchone()
    return None if seconds is None else float(seconds)
