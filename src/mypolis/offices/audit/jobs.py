"""The worker's job for the audit."""

from procrastinate.contrib.django import app

from mypolis.offices.audit.verifying import VERIFY, enqueue, verify_slice


@app.task(name=VERIFY, queue="upkeep", retry=3)
def verify() -> None:
    """Check a slice of the trail, and leave the rest to another job. Safe to repeat."""
    if verify_slice():
        enqueue()
