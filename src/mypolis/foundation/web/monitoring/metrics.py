"""Prometheus metrics: requests, the queue, and what rooms count. Labels never identify people.

Processes that share the folder `PROMETHEUS_MULTIPROC_DIR` add up their counts in it. The program that starts them
empties the folder and sets the variable. Without it, a process counts in memory.
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
from mypolis.foundation.web.monitoring.queue_state import TimedQuery, waiting

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client reads this variable when it is imported
if FOLDER in os.environ:
    Path(os.environ[FOLDER]).mkdir(parents=True, exist_ok=True)

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

counted = CollectorRegistry()
"""The counters of this process. Rooms add theirs with `Counter(…, registry=counted)`."""

_requests = Counter("mypolis_http_requests", "Requests answered.", ["route", "method", "status"], registry=counted)
_request_seconds = Histogram(
    "mypolis_http_request_seconds",
    "Time to the answer.",
    ["route", "method"],
    buckets=_SECONDS,
    registry=counted,
)
QUEUE_SECONDS = 1.0
_timed_query = TimedQuery(waiting)

_log = structlog.get_logger(__name__)


def method_label(method: str | None) -> str:
    """Return the method, or `OTHER` for an unknown one, because callers can invent methods."""
    return method if method in _METHODS else "OTHER"


def observe_request(*, route: str, method: str, status: int, seconds: float) -> None:
    """Count one request. The status label is the class, such as `2xx`."""
    _requests.labels(route, method, f"{status // 100}xx").inc()
    _request_seconds.labels(route, method).observe(seconds)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Return the metrics to callers with `MYPOLIS_METRICS_TOKEN`. Without it, respond 404."""
    token = settings.MYPOLIS.metrics_token
    given = request.headers.get("Authorization", "")
    if not token or not constant_time_compare(given, f"Bearer {token}"):
        raise Http404
    return HttpResponse(generate_latest(_everything()), content_type=CONTENT_TYPE_LATEST)


def _everything() -> CollectorRegistry:
    """Collect the counts of all processes that share the folder, else of this process; and the current queue."""
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
    """Metrics that rooms compute when Prometheus requests them."""

    def __init__(self, figures: Callable[[], Iterable[Metric]]) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        yield from self._figures()


class _Counted(Collector):
    """The counters of this process."""

    def collect(self) -> Iterator[Metric]:
        yield from counted.collect()


class _Queue(Collector):
    """The current state of the queue; nothing while the database does not answer."""

    def collect(self) -> Iterator[Metric]:
        jobs = GaugeMetricFamily("mypolis_queue_jobs", "Jobs that could run now.", labels=["queue"])
        oldest = GaugeMetricFamily(
            "mypolis_queue_oldest_seconds", "How long the oldest of them has waited.", labels=["queue"]
        )
        try:
            for queue in _timed_query.run(seconds=QUEUE_SECONDS):
                jobs.add_metric([queue.name], queue.jobs)
                oldest.add_metric([queue.name], queue.oldest_seconds)
        except (DatabaseError, TimeoutError) as error:
            _log.warning("metrics.no_queue", error=type(error).__name__)
            return
        yield from (jobs, oldest)
