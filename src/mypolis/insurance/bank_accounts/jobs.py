"""Background jobs for bank accounts: deleting removed ones."""

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.flows import record
from mypolis.insurance.bank_accounts.event_kinds import BankAccountEvent
from mypolis.insurance.bank_accounts.models import BankAccount
from mypolis.insurance.bank_accounts.retention import REMOVED


@app.periodic(cron="52 4 * * *")
@app.task(name="bank_accounts.forget_removed", queue="upkeep", queueing_lock="bank_accounts.forget_removed")
def forget_removed(timestamp: int) -> None:
    """Delete removed accounts that are past their retention period, unless something refers to them. Idempotent."""
    with transaction.atomic():
        old = BankAccount.objects.filter(removed_at__lt=timezone.now() - REMOVED.life).referred_to_by_nothing()
        deleted, _by_model = old.delete()
        if deleted:
            record(BankAccountEvent.BANK_ACCOUNTS_FORGOTTEN, market="", by=SYSTEM, deleted=deleted)
