"""Background jobs for families: notices about coming of age, closing expired mandates, deleting what is too old."""

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.flows import record
from mypolis.foundation.markets import all_markets
from mypolis.membership.family.event_kinds import FamilyEvent
from mypolis.membership.family.flows import end_overdue
from mypolis.membership.family.models import ClaimConsent, StaffViewing, Viewing
from mypolis.membership.family.relations.coming_of_age import notify_of_age
from mypolis.membership.family.retention import REQUESTS, VIEWINGS


@app.periodic(cron="21 * * * *")
@app.task(
    name="family.close_mandates",
    aliases=["mypolis.family.tasks.close_mandates"],
    queue="upkeep",
    queueing_lock="family.end_overdue",
)
def close_mandates(timestamp: int) -> None:
    """Close expired mandates. Runs hourly because markets have different midnights; access ended at midnight."""
    for profile in all_markets().values():
        end_overdue(market=profile.code, today=profile.today())


@app.periodic(cron="40 6 * * *")
@app.task(
    name="family.tell_families",
    aliases=["mypolis.family.tasks.tell_families"],
    queue="upkeep",
    queueing_lock="family.tell_of_age",
)
def notify_families(timestamp: int) -> None:
    """Notify families whose children come of age soon. Idempotent."""
    for profile in all_markets().values():
        notify_of_age(profile)


@app.periodic(cron="17 4 * * *")
@app.task(
    name="family.forget_viewings",
    aliases=["mypolis.family.tasks.forget_viewings"],
    queue="upkeep",
    queueing_lock="family.forget",
)
def forget_viewings(timestamp: int) -> None:
    """Delete viewings that are past their retention period. Idempotent."""
    with transaction.atomic():
        old = timezone.now() - VIEWINGS.life
        deleted = Viewing.objects.filter(at__lt=old).delete()[0] + StaffViewing.objects.filter(at__lt=old).delete()[0]
        if deleted:
            record(FamilyEvent.FAMILY_VIEWINGS_FORGOTTEN, market="", by=SYSTEM, deleted=deleted)


@app.periodic(cron="18 4 * * *")
@app.task(name="family.forget_requests", queue="upkeep", queueing_lock="family.forget_requests")
def forget_requests(timestamp: int) -> None:
    """Delete requests for consent to claims that led to none and are past their retention period. Idempotent."""
    with transaction.atomic():
        old = ClaimConsent.objects.filter(given_at=None, asked_at__lt=timezone.now() - REQUESTS.life)
        deleted, _by_model = old.delete()
        if deleted:
            record(FamilyEvent.CONSENT_REQUESTS_FORGOTTEN, market="", by=SYSTEM, deleted=deleted)
