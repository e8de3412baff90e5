"""Tracks which gateways are up. Each has one database row, so that all workers share the state.

A gateway is not used after `MOST_FAILURES` failures in a row, or at once when it is unreachable or rejects our
credentials. After `REST` one message tries it again; meanwhile the other messages use the next gateway.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events.actor import SYSTEM
from mypolis.foundation.events.flows import record
from mypolis.foundation.notices.counters import count_gateway
from mypolis.foundation.notices.event_kinds import NoticeEvent
from mypolis.foundation.notices.gateways import DeliveryFailed
from mypolis.foundation.notices.models import GatewayHealth
from mypolis.foundation.notices.sms.gateway import SmsGateway

MOST_FAILURES = 3
REST = timedelta(seconds=60)


def in_order(gateways: Sequence[SmsGateway]) -> list[SmsGateway]:
    """The gateways that are up, in the order of the settings; then those that are down, as a last resort."""
    if len(gateways) < 2:
        return list(gateways)
    down = {row.name: row for row in GatewayHealth.objects.filter(down_until__isnull=False)}
    resting = {name for name, row in down.items() if not _is_my_turn(row)}
    return sorted(gateways, key=lambda gateway: gateway.name in resting)


def worked(gateway: SmsGateway) -> None:
    """Record that it accepted a message. Resets its failures."""
    count_gateway(gateway.name, "taken")
    if not GatewayHealth.objects.exclude(failures=0).filter(name=gateway.name).exists():
        return
    with transaction.atomic():
        row = GatewayHealth.objects.select_for_update().get(name=gateway.name)
        was_down = row.down_until is not None
        row.failures, row.down_until = 0, None
        row.save()
        if was_down:
            record(NoticeEvent.GATEWAY_UP, market="", by=SYSTEM, subject=row)
            count_gateway(gateway.name, "up")


@transaction.atomic
def failed(gateway: SmsGateway, failure: DeliveryFailed) -> None:
    """Record that it did not accept a message, through a fault of the gateway."""
    count_gateway(gateway.name, "unsure" if failure.unsure else "failed")
    GatewayHealth.objects.get_or_create(name=gateway.name)
    row = GatewayHealth.objects.select_for_update().get(name=gateway.name)
    row.failures += 1
    if failure.down or row.failures >= MOST_FAILURES:
        was_up = row.down_until is None
        row.down_until = timezone.now() + REST
        if was_up:
            record(
                NoticeEvent.GATEWAY_DOWN,
                market="",
                by=SYSTEM,
                subject=row,
                reason=failure.reason,
                failures=row.failures,
            )
            count_gateway(gateway.name, "down")
    row.save()


def refused(gateway: SmsGateway) -> None:
    """Record that it permanently refused a message. This is not a fault of the gateway."""
    count_gateway(gateway.name, "refused")


def _is_my_turn(row: GatewayHealth) -> bool:
    """Whether its rest is over and no other worker is trying it. If true, the rest is extended for the others."""
    now = timezone.now()
    over = GatewayHealth.objects.filter(name=row.name, down_until__lte=now)
    return bool(over.update(down_until=now + REST))
