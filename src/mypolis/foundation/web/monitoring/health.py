"""Health checks for load balancers and supervisors: is this process alive, and can it serve requests?"""

from typing import Literal

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mypolis.foundation.web.monitoring.queue_state import TimedQuery, seconds_since_heartbeat, waiting

DATABASE_SECONDS = 1.0
HEARTBEAT_SECONDS = 60.0
URGENT_SECONDS = 120.0

type Database = Literal["ok", "no answer", "not migrated"]
type Queue = Literal["ok", "no worker", "behind", "unknown"]

_migrated = False


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """Respond 200 if the process is alive. It checks nothing else, so a database outage does not cause restarts."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> HttpResponse:
    """`{"database": …, "queue": …}`, 200 when both are `ok`, else 503; within about a second."""
    try:
        database, queue = _timed_query.run(seconds=DATABASE_SECONDS)
    except TimeoutError:
        database, queue = "no answer", "unknown"
    ready = database == queue == "ok"
    return JsonResponse({"database": database, "queue": queue}, status=200 if ready else 503)


def _check() -> tuple[Database, Queue]:
    try:
        return ("ok", _queue()) if _is_migrated() else ("not migrated", "unknown")
    except DatabaseError:
        return "no answer", "unknown"


_timed_query = TimedQuery(_check)


def _queue() -> Queue:
    seconds = seconds_since_heartbeat()
    if seconds is None or seconds > HEARTBEAT_SECONDS:
        return "no worker"
    # Only urgent jobs (one-time codes) count: a delay of ordinary mail is no reason to stop serving.
    behind = any(queue.oldest_seconds > URGENT_SECONDS for queue in waiting(urgent_only=True))
    return "behind" if behind else "ok"


def _is_migrated() -> bool:
    """Whether all migrations are applied. Once it is true, it stays true for this version of the code."""
    global _migrated  # noqa: PLW0603 - known once for this process
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated
