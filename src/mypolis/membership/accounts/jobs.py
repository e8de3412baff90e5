"""Background jobs for accounts: delete expired temporary passwords."""

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.flows import record
from mypolis.membership.accounts.event_kinds import AccountEvent
from mypolis.membership.accounts.models import TemporaryPassword
from mypolis.membership.accounts.retention import TEMPORARY_PASSWORDS


@app.periodic(cron="47 * * * *")
@app.task(
    name="accounts.purge", aliases=["mypolis.accounts.tasks.purge"], queue="upkeep", queueing_lock="accounts.purge"
)
def purge(timestamp: int) -> None:
    """Delete temporary passwords a day after they expired, including decoys for strangers. Idempotent."""
    with transaction.atomic():
        deleted, _by_model = TemporaryPassword.objects.filter(
            expires_at__lt=timezone.now() - TEMPORARY_PASSWORDS.life
        ).delete()
        if deleted:
            record(AccountEvent.ACCOUNT_TEMPORARY_PASSWORDS_FORGOTTEN, market="", by=SYSTEM, deleted=deleted)
