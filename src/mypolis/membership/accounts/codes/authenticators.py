"""Links and unlinks members' authenticator apps and checks their codes (`factors/time_codes.py`), each usable once."""

from typing import Literal

from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.factors.time_codes import step_of
from mypolis.membership.accounts.event_kinds import AccountEvent
from mypolis.membership.accounts.messages import notify_everywhere
from mypolis.membership.accounts.models import Account, Authenticator


@transaction.atomic
def link(*, account: Account, secret: str, step: int, by: Actor) -> None:
    """Link an app after its code of this `step` was entered. Replaces an earlier app. Notifies the member."""
    Authenticator.objects.update_or_create(
        account=account, defaults={"secret": secret, "last_step": step, "linked_at": timezone.now()}
    )
    record(AccountEvent.AUTHENTICATOR_LINKED, market=account.market, by=by, subject=account)
    notify_everywhere(account, "authenticator-linked", by=by)


@transaction.atomic
def unlink(*, account: Account, by: Actor) -> None:
    """Delete the app, if there is one. Notifies the member."""
    found, _models = Authenticator.objects.filter(account=account).delete()
    if found:
        record(AccountEvent.AUTHENTICATOR_UNLINKED, market=account.market, by=by, subject=account)
        notify_everywhere(account, "authenticator-unlinked", by=by)


def of(account: Account) -> Authenticator | None:
    """The member's app, or None. Runs a query only in a market that offers apps."""
    return Authenticator.objects.filter(account=account).first() if account.profile.signin.apps else None


def use(account: int, typed: str) -> Literal["right", "used", "wrong"]:
    """Check the app's current code and use it up. Safe under races, because the stored step can only grow."""
    app = Authenticator.objects.filter(account=account).first()
    step = step_of(app.secret, typed, timezone.now()) if app is not None else None
    if app is None or step is None:
        return "wrong"
    return "right" if Authenticator.objects.filter(pk=app.pk, last_step__lt=step).update(last_step=step) else "used"
