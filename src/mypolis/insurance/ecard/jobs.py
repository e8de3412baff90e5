"""Background jobs for cards: delete old looks."""

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.flows import record
from mypolis.insurance.ecard.event_kinds import CardEvent
from mypolis.insurance.ecard.models import Look
from mypolis.insurance.ecard.retention import LOOKS


@app.periodic(cron="11 4 * * *")
@app.task(
    name="ecard.forget_looks",
    aliases=["mypolis.ecard.tasks.forget_looks"],
    queue="upkeep",
    queueing_lock="ecard.forget",
)
def forget_looks(timestamp: int) -> None:
    """Delete looks past their retention time. Safe to repeat."""
    with transaction.atomic():
        deleted, _by_model = Look.objects.filter(at__lt=timezone.now() - LOOKS.life).delete()
        if deleted:
            record(CardEvent.CARD_LOOKS_FORGOTTEN, market="", by=SYSTEM, deleted=deleted)
