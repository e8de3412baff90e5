"""Figures for Prometheus: requests, the queue, and what rooms count. Labels never name people.

The processes of one deployment add up in the folder `PROMETHEUS_MULTIPROC_DIR`, which whoever starts them
empties and names in their environment; a process by itself counts in memory.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from mypolis.foundation.rooms import declared
from mypolis.foundation.web.monitoring.queue_state import Asker, waiting

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # its name is the client library's, which reads it when it is imported
if FOLDER in os.environ:
    Path(os.environ[FOLDER]).mkdir(parents=True, exist_ok=True)

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

counted = CollectorRegistry()
"""What this process counts; rooms add their counters: `Counter(…, registry=counted)`."""

_requests = Counter("mypolis_http_requests", "Requests answered.", ["route", "method", "status"], registry=counted)
_request_seconds = Histogram(
    "mypolis_http_request_seconds",
    "Time to the answer.",
    ["route", "method"],
    buckets=_SECONDS,
    registry=counted,
)
QUEUE_SECONDS = 1.0
_asker = Asker(waiting)

_log = structlog.get_logger(__name__)


def method_label(method: str | None) -> str:
    """The method, or `OTHER`: anybody may make methods up."""
    return method if method in _METHODS else "OTHER"


def observe_request(*, route: str, method: str, status: int, seconds: float) -> None:
    """Count one request. The label of its status is the class: `2xx`."""
    _requests.labels(route, method, f"{status // 100}xx").inc()
    _request_seconds.labels(route, method).observe(seconds)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, for whoever knows `MYPOLIS_METRICS_TOKEN`; without it there is no such page."""
    token = settings.MYPOLIS.metrics_token
    given = request.headers.get("Authorization", "")
    if not token or not constant_time_compare(given, f"Bearer {token}"):
        raise Http404
    return HttpResponse(generate_latest(_everything()), content_type=CONTENT_TYPE_LATEST)


def _everything() -> CollectorRegistry:
    """All processes' counts where they share a folder, else this one's; and the queue as it is now."""
    registry = CollectorRegistry()
    if FOLDER in os.environ:
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(_Counted())
    registry.register(_Queue())
    for figures in declared("metrics"):
        registry.register(_Declared(figures))
    return registry


class _Declared(Collector):
    """Figures that a room computes at the time of asking."""

    def __init__(self, figures: Callable[[], Iterable[Metric]]) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        yield from self._figures()


class _Counted(Collector):
    """What this process counted."""

    def collect(self) -> Iterator[Metric]:
        yield from counted.collect()


class _Queue(Collector):
    """The queue at the time of asking; nothing while the database does not answer."""

    def collect(self) -> Iterator[Metric]:
        jobs = GaugeMetricFamily("mypolis_queue_jobs", "Jobs that could run now.", labels=["queue"])
        oldest = GaugeMetricFamily(
            "mypolis_queue_oldest_seconds", "How long the oldest of them has waited.", labels=["queue"]
        )
        try:
            for queue in _asker.ask(seconds=QUEUE_SECONDS):
                jobs.add_metric([queue.name], queue.jobs)
                oldest.add_metric([queue.name], queue.oldest_seconds)
        except (DatabaseError, TimeoutError) as error:
            _log.warning("metrics.no_queue", error=type(error).__name__)
            return
        yield from (jobs, oldest)
