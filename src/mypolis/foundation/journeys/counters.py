"""Counters of journeys, for Prometheus."""

from typing import Literal

from django.db import transaction
from prometheus_client import Counter

from mypolis.foundation.web.monitoring.metrics import counted

_journeys = Counter("mypolis_journeys", "What happened to journeys.", ["market", "kind", "what"], registry=counted)


def count_journey(what: Literal["started", "finished", "refused"], *, market: str, kind: str) -> None:
    """Count a journey once the caller's transaction is committed. `kind` is one of the declared journeys."""
    transaction.on_commit(_journeys.labels(market, kind, what).inc)
