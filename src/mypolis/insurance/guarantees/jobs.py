"""Background jobs for guarantees: end those whose time is over, and delete those that ended long ago."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.markets import Profile, all_markets
from mypolis.insurance.guarantees.lifecycle.changing import locked
from mypolis.insurance.guarantees.lifecycle.deciding import end
from mypolis.insurance.guarantees.lifecycle.forgetting import forget_old
from mypolis.insurance.guarantees.lifecycle.states import STANDING, State
from mypolis.insurance.guarantees.models import Guarantee


@app.periodic(cron="41 5 * * *")
@app.task(name="guarantees.expire", queue="upkeep", queueing_lock="guarantees.expire")
def expire(timestamp: int) -> None:
    """End letters after their last day, and requests after their planned days. Idempotent."""
    for profile in all_markets().values():
        expire_in(profile, timezone.now())


@app.periodic(cron="11 3 * * *")
@app.task(name="guarantees.forget", queue="upkeep", queueing_lock="guarantees.forget")
def forget(timestamp: int) -> None:
    """Delete guarantees that are past their retention period. Idempotent."""
    forget_old(timezone.now())


def expire_in(profile: Profile, now: datetime) -> None:
    """End a market's guarantees that are over. A letter that was billed counts as used, any other as expired."""
    today = timezone.localdate(now, profile.zone)
    over = Q(state__in=[state.value for state in STANDING], valid_until__lt=today)
    unanswered = Q(state=State.ASKED, planned_to__lt=today)
    due = Guarantee.objects.filter(over | unanswered, market=profile.code)
    for key in list(due.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            guarantee = locked(Guarantee(pk=key))
            if due.filter(pk=key).exists():  # nobody changed it meanwhile
                is_used = guarantee.in_state in STANDING and guarantee.bills.exists()
                end(guarantee, State.USED if is_used else State.EXPIRED, by=SYSTEM)
