"""The worker's job for guards: delete expired rows."""

from django.utils import timezone
from procrastinate.contrib.django import app

from mypolis.foundation.guards.models import Counter, Refusals, Spent
from mypolis.foundation.guards.retention import REFUSALS


@app.periodic(cron="37 * * * *")
@app.task(name="guards.purge", aliases=["mypolis.guards.tasks.purge"], queue="upkeep", queueing_lock="guards.purge")
def purge(timestamp: int) -> None:
    """Delete counters whose window is over and single-use values that have expired, and old counts. Safe to repeat."""
    now = timezone.now()
    Counter.objects.filter(expires_at__lt=now).delete()
    Spent.objects.filter(expires_at__lt=now).delete()
    Refusals.objects.filter(day__lt=(now - REFUSALS.life).date()).delete()
