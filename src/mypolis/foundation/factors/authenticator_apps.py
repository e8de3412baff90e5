"""Links and unlinks the authenticator app of a holder, and checks its codes, each good once."""

from typing import Literal

from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.factors.event_kinds import FactorEvent
from mypolis.foundation.factors.models import AuthenticatorApp, Holder
from mypolis.foundation.factors.time_codes import step_of


@transaction.atomic
def link(*, holder: Holder, secret: str, step: int, by: Actor) -> None:
    """Link an app after its code of this `step` was entered. Replaces an earlier app."""
    AuthenticatorApp.objects.update_or_create(
        holder=holder, defaults={"secret": secret, "last_step": step, "linked_at": timezone.now()}
    )
    record(FactorEvent.APP_LINKED, market=holder.market, by=by, subject=holder)


@transaction.atomic
def unlink(*, holder: Holder, by: Actor) -> bool:
    """Delete the app. Returns whether there was one."""
    found, _models = AuthenticatorApp.objects.filter(holder=holder).delete()
    if found:
        record(FactorEvent.APP_UNLINKED, market=holder.market, by=by, subject=holder)
    return bool(found)


def is_linked(holder: Holder) -> bool:
    """Whether the holder has an app."""
    return AuthenticatorApp.objects.filter(holder=holder).exists()


def use(*, holder: Holder, typed: str) -> Literal["right", "used", "wrong"]:
    """Check the app's current code and use it up. Safe under races, because the stored step can only grow."""
    app = AuthenticatorApp.objects.filter(holder=holder).first()
    step = step_of(app.secret, typed, timezone.now()) if app is not None else None
    if app is None or step is None:
        return "wrong"
    return "right" if AuthenticatorApp.objects.filter(pk=app.pk, last_step__lt=step).update(last_step=step) else "used"
