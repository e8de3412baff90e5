"""What the worker does for journeys: forget those that are over."""

from procrastinate.contrib.django import app

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.journeys.flows import forget_old


@app.periodic(cron="*/10 * * * *")
@app.task(
    name="journeys.purge", aliases=["mypolis.journeys.tasks.purge"], queue="upkeep", queueing_lock="journeys.purge"
)
def purge(timestamp: int) -> None:
    """Harmless to repeat."""
    forget_old(by=SYSTEM)
