"""Verifies the chain of the trail in slices, so that no job takes long, and goes on after a restart."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from mypolis.foundation.events import SYSTEM, Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.events.hash_chain import CheckedSeal, checked_seals
from mypolis.foundation.guards.flows import spend
from mypolis.offices.audit.event_kinds import AuditEvent
from mypolis.offices.audit.limits import VERIFICATIONS
from mypolis.offices.audit.models import Verification

VERIFY = "audit.verify"
SEALS_AT_ONCE = 100
"""Seals of one job: at most half a million events, which takes less than a minute."""


@transaction.atomic
def ask(*, market: str, by: Actor) -> Verification:
    """Start a verification. If one runs, return it, and make sure that its job waits: a worker may have died.

    Raises LimitReached.
    """
    made, is_new = Verification.objects.get_or_create(ended_at=None, defaults={"market": market, "asked_by": str(by)})
    if is_new:
        spend(VERIFICATIONS, "", market=market)
        record(AuditEvent.VERIFICATION_ASKED, market=market, by=by, subject=made)
    enqueue()
    return made


def enqueue() -> None:
    """Add the job, unless it waits already."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(VERIFY, queue="upkeep", lock=VERIFY, queueing_lock=VERIFY).defer()


@transaction.atomic
def verify_slice() -> bool:
    """Check the next seals of the verification that runs; return whether there is more to do. Safe to repeat."""
    found = Verification.objects.running().select_for_update().first()
    if found is None:
        return False
    checked = list(islice(_until_broken(found), SEALS_AT_ONCE))
    broken = next((one.breaks[0] for one in checked if one.breaks), None)
    if checked:
        found.after, found.digest = checked[-1].last, checked[-1].digest
        found.seals += len(checked)
        found.events += sum(one.events for one in checked)
    if broken is not None:
        found.broken_from, found.broken_to, found.why = broken.first, broken.last, broken.why
    is_over = broken is not None or len(checked) < SEALS_AT_ONCE
    if is_over:
        found.ended_at = timezone.now()
    found.save()
    if is_over:
        outcome = found.why or "whole"
        record(AuditEvent.VERIFICATION_ENDED, market=found.market, by=SYSTEM, subject=found, outcome=outcome)
    return not is_over


def _until_broken(found: Verification) -> Iterator[CheckedSeal]:
    for one in checked_seals(after=found.after, previous=bytes(found.digest)):
        yield one
        if one.breaks:
            return
