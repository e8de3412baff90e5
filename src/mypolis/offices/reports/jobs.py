"""The worker's jobs for reports."""

from django.utils import timezone
from procrastinate.contrib.django import app

from mypolis.foundation.markets import all_markets
from mypolis.offices.reports.claim_lists.flows import WRITE, forget_old_lists
from mypolis.offices.reports.claim_lists.writing import write_list
from mypolis.offices.reports.sums.catching_up import catch_up


@app.periodic(cron="12 * * * *")
@app.task(name="reports.sum_days", queue="upkeep", lock="reports.sum_days", queueing_lock="reports.sum_days")
def sum_days(timestamp: int) -> None:
    """Sum the days that are over. Hourly, because markets have different midnights. Idempotent."""
    now = timezone.now()
    for profile in all_markets().values():
        catch_up(profile, now)


@app.task(name=WRITE, queue="upkeep", retry=3)
def write_claim_list(key: int) -> None:
    """Write the file of a list of claims. Idempotent."""
    write_list(key)


@app.periodic(cron="32 * * * *")
@app.task(name="reports.forget_claim_lists", queue="upkeep", queueing_lock="reports.forget_claim_lists")
def forget_claim_lists(timestamp: int) -> None:
    """Delete lists of claims a day after they were asked for. Idempotent."""
    forget_old_lists(timezone.now())
