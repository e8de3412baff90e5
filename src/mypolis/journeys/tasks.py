"""What the worker does for journeys: forget those that are over."""

from django.utils import timezone
from procrastinate.contrib.django import app

from mypolis.journeys.flows import GRACE
from mypolis.journeys.models import Journey


@app.periodic(cron="*/10 * * * *")
@app.task(queue="upkeep", queueing_lock="journeys.purge")
def purge(timestamp: int) -> None:
    """Wipe what people answered once their journey is over; delete it when its state is told no longer."""
    now = timezone.now()
    Journey.objects.filter(expires_at__lt=now, answers__isnull=False).update(answers=None)
    Journey.objects.filter(expires_at__lt=now - GRACE).delete()
