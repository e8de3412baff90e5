"""Prometheus counters of messages and gateways."""

from typing import Literal

from django.db import transaction
from prometheus_client import Counter

from mypolis.foundation.web.monitoring.metrics import counted

type MessageEnd = Literal["taken", "given_up", "withdrawn", "in_doubt", "delivered", "undeliverable"]

_messages = Counter("mypolis_messages", "Messages that ended.", ["market", "channel", "what"], registry=counted)
_gateways = Counter("mypolis_sms_gateways", "What SMS gateways did.", ["gateway", "what"], registry=counted)


def count_message(what: MessageEnd, *, market: str, channel: str) -> None:
    """Count a message that reached a final state or the phone, after the caller's transaction commits."""
    transaction.on_commit(_messages.labels(market, channel, what).inc)


def count_gateway(gateway: str, what: Literal["taken", "refused", "failed", "unsure", "down", "up"]) -> None:
    """Count an SMS gateway's result for a message, or that it went down or up, after the transaction commits."""
    transaction.on_commit(_gateways.labels(gateway, what).inc)
