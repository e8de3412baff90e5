"""Links and unlinks authenticator apps and checks their codes, each usable once (RFC 6238, six digits, 30 seconds)."""

from datetime import datetime
from typing import Literal

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from pyotp import TOTP, random_base32

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.membership.accounts.event_kinds import AccountEvent
from mypolis.membership.accounts.messages import notify_everywhere
from mypolis.membership.accounts.models import Account, Authenticator

_APART = 1  # steps that the phone's clock may be ahead or behind


def new_secret() -> str:
    """160 random bits in base 32."""
    return random_base32()


def address_of(secret: str, *, name: str, issuer: str) -> str:
    """The `otpauth:` address that apps read from a QR code."""
    return TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)


def step_of(secret: str, typed: str, now: datetime) -> int | None:
    """The time step whose code was typed; None when it matches no step close to now."""
    totp = TOTP(secret)
    here = totp.timecode(now)
    steps = range(here - _APART, here + _APART + 1)
    fitting = [step for step in steps if constant_time_compare(totp.generate_otp(step), typed)]
    return fitting[0] if fitting else None


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
