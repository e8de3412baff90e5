"""What the worker does for cards: forget looks that are long past."""

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from mypolis.ecard.checking import LOOKS_KEPT
from mypolis.ecard.models import Look
from mypolis.events import SYSTEM
from mypolis.events.flows import record
from mypolis.events.kinds import Kind


@app.periodic(cron="11 4 * * *")
@app.task(queue="upkeep", queueing_lock="ecard.forget")
def forget_looks(timestamp: int) -> None:
    """Delete looks that are older than they are kept. Harmless to repeat."""
    with transaction.atomic():
        deleted, _by_model = Look.objects.filter(at__lt=timezone.now() - LOOKS_KEPT).delete()
        if deleted:
            record(Kind.CARD_LOOKS_FORGOTTEN, market="", by=SYSTEM, deleted=deleted)
