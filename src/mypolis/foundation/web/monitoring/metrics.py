"""Figures for Prometheus: requests, journeys, messages, the queue. Labels never name people.

The processes of one deployment add up in the folder `PROMETHEUS_MULTIPROC_DIR`, which whoever starts them
empties and names in their environment; a process by itself counts in memory.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import structlog
from django.conf import settings
from django.db import DatabaseError, transaction
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

from mypolis.foundation.web.monitoring.queue_state import Asker, waiting

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # its name is the client library's, which reads it when it is imported
if FOLDER in os.environ:
    Path(os.environ[FOLDER]).mkdir(parents=True, exist_ok=True)

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

_own = CollectorRegistry()
_requests = Counter("mypolis_http_requests", "Requests answered.", ["route", "method", "status"], registry=_own)
_request_seconds = Histogram(
    "mypolis_http_request_seconds",
    "Time to the answer.",
    ["route", "method"],
    buckets=_SECONDS,
    registry=_own,
)
_journeys = Counter("mypolis_journeys", "What happened to journeys.", ["market", "kind", "what"], registry=_own)
_messages = Counter("mypolis_messages", "Messages that ended.", ["market", "channel", "what"], registry=_own)
_gateways = Counter("mypolis_sms_gateways", "What SMS gateways did.", ["gateway", "what"], registry=_own)

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


def count_journey(what: Literal["started", "finished", "refused"], *, market: str, kind: str) -> None:
    """Count a journey once the caller's transaction is committed. `kind` is one of the declared journeys."""
    transaction.on_commit(_journeys.labels(market, kind, what).inc)


type MessageEnd = Literal["taken", "given_up", "withdrawn", "in_doubt", "delivered", "undeliverable"]


def count_message(what: MessageEnd, *, market: str, channel: str) -> None:
    """Count a message that reached its end or its phone, once the caller's transaction is committed."""
    transaction.on_commit(_messages.labels(market, channel, what).inc)


def count_gateway(gateway: str, what: Literal["taken", "refused", "failed", "unsure", "down", "up"]) -> None:
    """Count what an SMS gateway did with a message, or that it went down or came up, once that is committed."""
    transaction.on_commit(_gateways.labels(gateway, what).inc)


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
    return registry


class _Counted(Collector):
    """What this process counted."""

    def collect(self) -> Iterator[Metric]:
        yield from _own.collect()


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
