"""Which gateways are up. One small row each in the database, so that what one worker learns, all know.

A gateway is left alone after `MOST_FAILURES` failures in a row, or at once when it cannot be reached or refuses our
sign-in. After `REST` a single message tries it again; the others go on using the next one meanwhile.
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
    """Those that are up first, in the order of the settings; then the others, for when nothing else works."""
    if len(gateways) < 2:
        return list(gateways)
    down = {row.name: row for row in GatewayHealth.objects.filter(down_until__isnull=False)}
    resting = {name for name, row in down.items() if not _is_my_turn(row)}
    return sorted(gateways, key=lambda gateway: gateway.name in resting)


def worked(gateway: SmsGateway) -> None:
    """It took a message: whatever was counted against it is forgotten."""
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
    """It did not take a message, for a reason that lies with the gateway."""
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
    """It refused a message for good, which says nothing against the gateway."""
    count_gateway(gateway.name, "refused")


def _is_my_turn(row: GatewayHealth) -> bool:
    """Whether its rest is over and nobody else tries it just now; it rests for all others then."""
    now = timezone.now()
    over = GatewayHealth.objects.filter(name=row.name, down_until__lte=now)
    return bool(over.update(down_until=now + REST))
