"""The card about background work on the desk's start page: what is late, what failed, when a worker was last alive."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from mypolis.foundation.web.monitoring.health import HEARTBEAT_SECONDS, URGENT_SECONDS
from mypolis.foundation.web.monitoring.queue_state import work


def jobs_at_desk(_request: HttpRequest, _market: str) -> dict[str, Any]:
    """How many jobs could run now and since when, how many failed, and the last heartbeat of a worker.

    Jobs belong to no market: every market's desk shows the same.
    """
    now, state = timezone.now(), work()
    silent = state.seconds_since_heartbeat
    return {
        "jobs": state.jobs,
        "since": now - timedelta(seconds=state.oldest_seconds) if state.jobs else None,
        "is_late": state.oldest_seconds > URGENT_SECONDS,
        "failed": state.failed,
        "alive_at": now - timedelta(seconds=silent) if silent is not None else None,
        "is_down": silent is None or silent > HEARTBEAT_SECONDS,
    }
