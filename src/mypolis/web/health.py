"""For load balancers and supervisors: is this process alive, and can it serve?"""

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Literal

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mypolis.web.queue import seconds_since_heartbeat, waiting

DATABASE_SECONDS = 1.0
HEARTBEAT_SECONDS = 60.0
URGENT_SECONDS = 120.0

type Database = Literal["ok", "no answer", "not migrated"]
type Queue = Literal["ok", "no worker", "behind", "unknown"]

# One at a time: a database that hangs holds this one thread, and nobody who asks.
_checks = ThreadPoolExecutor(max_workers=1, thread_name_prefix="readiness")
_running: Future[tuple[Database, Queue]] | None = None
_migrated = False


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """200: the process answers. Nothing else is touched, so that a broken database restarts nobody."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> HttpResponse:
    """`{"database": …, "queue": …}`, 200 when both are `ok`, else 503; within about a second."""
    database, queue = _within(DATABASE_SECONDS)
    ready = database == queue == "ok"
    return JsonResponse({"database": database, "queue": queue}, status=200 if ready else 503)


def _within(seconds: float) -> tuple[Database, Queue]:
    global _running  # noqa: PLW0603 - the one check of this process
    check = _running
    if check is None or check.done():
        check = _running = _checks.submit(_check)
    try:
        return check.result(timeout=seconds)
    except TimeoutError:
        return "no answer", "unknown"


def _check() -> tuple[Database, Queue]:
    """Runs in its own thread, with a connection that goes back to the pool each time."""
    try:
        return ("ok", _queue()) if _is_migrated() else ("not migrated", "unknown")
    except DatabaseError:
        return "no answer", "unknown"
    finally:
        connection.close()


def _queue() -> Queue:
    seconds = seconds_since_heartbeat(connection)
    if seconds is None or seconds > HEARTBEAT_SECONDS:
        return "no worker"
    # Ordinary mail may take hours to go out, and that is no reason to turn people away: codes are.
    behind = any(queue.oldest_seconds > URGENT_SECONDS for queue in waiting(connection, urgent_only=True))
    return "behind" if behind else "ok"


def _is_migrated() -> bool:
    """Asked of the database until it was true once: it stays so for this version of the code."""
    global _migrated  # noqa: PLW0603 - known once for this process
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated
