"""What the worker does for journeys: forget those that are over."""

from procrastinate.contrib.django import app

from mypolis.events import SYSTEM
from mypolis.journeys.flows import forget_old


@app.periodic(cron="*/10 * * * *")
@app.task(queue="upkeep", queueing_lock="journeys.purge")
def purge(timestamp: int) -> None:
    """Harmless to repeat."""
    forget_old(by=SYSTEM)
