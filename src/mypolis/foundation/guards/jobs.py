"""The worker's job for guards: delete expired rows."""

from django.utils import timezone
from procrastinate.contrib.django import app

from mypolis.foundation.guards.models import Counter, Spent


@app.periodic(cron="37 * * * *")
@app.task(name="guards.purge", aliases=["mypolis.guards.tasks.purge"], queue="upkeep", queueing_lock="guards.purge")
def purge(timestamp: int) -> None:
    """Delete counters whose window is over and single-use values that have expired. Safe to repeat."""
    now = timezone.now()
    Counter.objects.filter(expires_at__lt=now).delete()
    Spent.objects.filter(expires_at__lt=now).delete()
