"""What the worker does for journeys: forget those that are over."""

from django.utils import timezone
from procrastinate.contrib.django import app

from mypolis.guards.models import Counter, Spent
from mypolis.journeys.flows import GRACE
from mypolis.journeys.models import Journey


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="journeys.purge", pass_context=False)
def purge(timestamp: int) -> None:
    """Delete journeys past their time, and counters and spent proofs that no longer count. Harmless to repeat."""
    now = timezone.now()
    Journey.objects.filter(expires_at__lt=now - GRACE).delete()
    Counter.objects.filter(expires_at__lt=now).delete()
    Spent.objects.filter(expires_at__lt=now).delete()
