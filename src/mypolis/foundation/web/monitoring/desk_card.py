"""The card about background work on the desk's start page: what is late, what failed, when a worker was last alive."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from mypolis.foundation.web.monitoring.health import HEARTBEAT_SECONDS, URGENT_SECONDS
from mypolis.foundation.web.monitoring.queue_state import waiting, workers


def jobs_at_desk(_request: HttpRequest, _market: str) -> dict[str, Any]:
    """How many jobs could run now and since when, how many failed, and the last sign of a worker.

    Jobs belong to no market: every market's desk shows the same.
    """
    now = timezone.now()
    queues, state = waiting(), workers()
    oldest = max((queue.oldest_seconds for queue in queues), default=0.0)
    silent = state.seconds_since_heartbeat
    return {
        "jobs": sum(queue.jobs for queue in queues),
        "since": now - timedelta(seconds=oldest) if queues else None,
        "is_late": oldest > URGENT_SECONDS,
        "failed": state.failed,
        "alive_at": now - timedelta(seconds=silent) if silent is not None else None,
        "is_down": silent is None or silent > HEARTBEAT_SECONDS,
    }
