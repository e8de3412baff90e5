"""Background jobs for staff accounts: delete old sessions."""

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.flows import record
from mypolis.foundation.staff.approvals.flows import expire_old
from mypolis.foundation.staff.event_kinds import StaffEvent
from mypolis.foundation.staff.models import StaffSession
from mypolis.foundation.staff.retention import STAFF_SESSIONS


@app.periodic(cron="52 3 * * *")
@app.task(name="staff.purge", queue="upkeep", queueing_lock="staff.purge")
def purge(timestamp: int) -> None:
    """Delete sessions long after they ended. Idempotent; the audit trail keeps who signed in when."""
    with transaction.atomic():
        deleted, _by_model = StaffSession.objects.filter(ends_at__lt=timezone.now() - STAFF_SESSIONS.life).delete()
        if deleted:
            record(StaffEvent.STAFF_SESSIONS_FORGOTTEN, market="", by=SYSTEM, deleted=deleted)


@app.periodic(cron="*/20 * * * *")
@app.task(name="staff.expire_approvals", queue="upkeep", queueing_lock="staff.expire_approvals")
def expire_approvals(timestamp: int) -> None:
    """Close proposals that nobody decided in time. Idempotent."""
    expire_old()
