"""Deletes names and account numbers from payment runs that ended long ago. Sums, references and results stay."""

from datetime import datetime

from django.db import transaction

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.flows import record
from mypolis.insurance.claims.event_kinds import ClaimEvent
from mypolis.insurance.claims.models import PaymentRun, RunLine
from mypolis.insurance.claims.retention import PAYEES


@transaction.atomic
def forget_old_payees(now: datetime) -> int:
    """Forget whom runs paid that are past their retention period; returns how many runs. Their files are gone, too."""
    runs = PaymentRun.objects.filter(forgotten_at=None).ended_before(now - PAYEES.life).select_for_update()
    keys = list(runs.values_list("pk", flat=True))
    if keys:
        RunLine.objects.filter(run__in=keys).update(name="", number="")
        PaymentRun.objects.filter(pk__in=keys).update(forgotten_at=now)
        record(ClaimEvent.PAYEES_FORGOTTEN, market="", by=SYSTEM, runs=len(keys))
    return len(keys)
