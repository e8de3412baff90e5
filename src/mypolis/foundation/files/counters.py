"""Prometheus metrics of checks: how many files were checked with which result, and how many wait."""

from collections.abc import Iterator

import structlog
from django.db import DatabaseError, transaction
from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client import Counter
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from mypolis.foundation.files.models import ReceivedFile
from mypolis.foundation.web.monitoring.metrics import counted
from mypolis.foundation.web.monitoring.queue_state import TimedQuery

_SECONDS = 1.0
_checks = Counter("mypolis_file_checks", "Checks of received files.", ["market", "result"], registry=counted)
_log = structlog.get_logger(__name__)


def count_check(market: str, result: str) -> None:
    """Count a check after the transaction commits: `clean`, the reason of a refusal, or `put_off`."""
    transaction.on_commit(_checks.labels(market, result).inc)


def _waiting() -> list[tuple[str, int, float]]:
    """Market, number of files that wait, and how many seconds the first of them has waited."""
    now = timezone.now()
    files = ReceivedFile.objects.waiting().values("market").annotate(files=Count("pk"), first=Min("received_at"))
    return [(row["market"], row["files"], (now - row["first"]).total_seconds()) for row in files.order_by("market")]


_timed_query = TimedQuery(_waiting)


def waiting_files() -> Iterator[Metric]:
    """The files that wait for their check now; nothing while the database does not answer."""
    files = GaugeMetricFamily("mypolis_files_checking", "Received files that wait for their check.", labels=["market"])
    oldest = GaugeMetricFamily(
        "mypolis_files_checking_oldest_seconds", "How long the first of them has waited.", labels=["market"]
    )
    try:
        for market, number, seconds in _timed_query.run(seconds=_SECONDS):
            files.add_metric([market], number)
            oldest.add_metric([market], seconds)
    except (DatabaseError, TimeoutError) as error:
        _log.warning("metrics.no_files", error=type(error).__name__)
        return
    yield from (files, oldest)
