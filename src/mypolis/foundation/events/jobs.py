"""The worker's job for the audit trail: seal new events."""

from procrastinate.contrib.django import app

from mypolis.foundation.events.hash_chain import seal


@app.periodic(cron="*/5 * * * *")
@app.task(
    name="events.seal_events", aliases=["mypolis.events.tasks.seal_events"], queue="upkeep", queueing_lock="events.seal"
)
def seal_events(timestamp: int) -> None:
    """Seal all settled events, in batches. Safe to repeat."""
    while seal():
        pass
