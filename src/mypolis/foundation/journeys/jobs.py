"""The job that deletes old journeys."""

from procrastinate.contrib.django import app

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.journeys.flows import forget_old


@app.periodic(cron="*/10 * * * *")
@app.task(
    name="journeys.purge", aliases=["mypolis.journeys.tasks.purge"], queue="upkeep", queueing_lock="journeys.purge"
)
def purge(timestamp: int) -> None:
    """Delete the answers of expired journeys, and old journeys. Safe to repeat."""
    forget_old(by=SYSTEM)
