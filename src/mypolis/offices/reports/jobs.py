"""The worker's jobs for reports."""

from django.utils import timezone
from procrastinate.contrib.django import app

from mypolis.foundation.markets import all_markets
from mypolis.offices.reports.sums.catching_up import catch_up


@app.periodic(cron="12 * * * *")
@app.task(name="reports.sum_days", queue="upkeep", queueing_lock="reports.sum_days")
def sum_days(timestamp: int) -> None:
    """Sum the days that are over. Hourly, because markets have different midnights. Idempotent."""
    now = timezone.now()
    for profile in all_markets().values():
        catch_up(profile, now)
