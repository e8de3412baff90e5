"""Deletes guarantees that ended long ago, with their letters. Entries of limits and the clinics' claims stay."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.flows import record
from mypolis.foundation.files import flows as files
from mypolis.foundation.files.models import StoredFile
from mypolis.insurance.guarantees.event_kinds import GuaranteeEvent
from mypolis.insurance.guarantees.lifecycle.states import OPEN
from mypolis.insurance.guarantees.models import Guarantee, GuaranteeBill, GuaranteeChange, GuaranteeLetter
from mypolis.insurance.guarantees.retention import ENDED

_AT_ONCE = 500


def forget_old(now: datetime) -> int:
    """Forget guarantees that are past their retention period, some at a time; returns how many."""
    total = 0
    while forgotten := _forget_some(now):
        total += forgotten
    return total


@transaction.atomic
def _forget_some(now: datetime) -> int:
    since = now - ENDED.life
    later = GuaranteeChange.objects.filter(guarantee=OuterRef("pk"), at__gte=since)
    rows = Guarantee.objects.filter(asked_at__lt=since).exclude(state__in=sorted(state.value for state in OPEN))
    old = list(rows.exclude(Exists(later)).order_by("pk").select_for_update()[:_AT_ONCE])
    letters = GuaranteeLetter.objects.filter(guarantee__in=old)
    for letter in letters:
        for file in StoredFile.objects.of(letter):
            files.remove(file=file, by=SYSTEM)
    letters.delete()
    GuaranteeBill.objects.filter(guarantee__in=old).delete()
    Guarantee.objects.filter(pk__in=[one.pk for one in old]).delete()
    if old:
        record(GuaranteeEvent.GUARANTEES_FORGOTTEN, market="", by=SYSTEM, guarantees=len(old))
    return len(old)
