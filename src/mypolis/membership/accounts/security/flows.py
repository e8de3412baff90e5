"""Account security for a signed-in member: change the password, sign out devices.

Both require the present password and give this device new tokens (OWASP ASVS 5.0: 6.2.3, 7.2.4, 7.4.3, 7.5.2), so
that a copied session ends too.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.factors.passwords.password_rules import hash_password, problems, verify_password
from mypolis.foundation.guards.flows import give_back, spend
from mypolis.foundation.journeys.definitions.outcomes import Grant
from mypolis.foundation.lib.device_names import name_of_client
from mypolis.membership.accounts.event_kinds import AccountEvent
from mypolis.membership.accounts.forms import words_of
from mypolis.membership.accounts.limits import PASSWORD_TRIES
from mypolis.membership.accounts.models import Account, Device
from mypolis.membership.accounts.passwords.flows import change_password
from mypolis.membership.accounts.sessions.devices import forget, sign_in, sign_out

OTHERS: Literal["others"] = "others"


class WrongPassword(Exception):
    """The present password is wrong."""


class WeakPassword(Exception):
    """The new password is too easy to guess; `problems` are (code, sentence)."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__([code for code, _sentence in problems])
        self.problems = problems


class UnknownDevice(Exception):
    """The device is not a signed-in device of the member, or is the device that made the request."""


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A device with an active session, as its member sees it."""

    id: str
    name: str
    address: str
    signed_in_at: datetime | None
    last_seen_at: datetime | None
    is_current: bool


def signed_in_devices(device: Device) -> list[SignedIn]:
    """Every signed-in device of the member: this one first, then the most recently used."""
    rows = Device.objects.filter(account=device.account_id).signed_in(timezone.now()).order_by("-last_seen_at", "-pk")
    found = [
        SignedIn(
            id=str(row.pk),
            name=name_of_client(row.client),
            address=row.address or "",
            signed_in_at=row.signed_in_at,
            last_seen_at=row.last_seen_at,
            is_current=row.pk == device.pk,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: not one.is_current)


def choose_password(*, device: Device, present: str, password: str, by: Actor) -> Grant:
    """Change the password, end every other session, and notify the member.

    Raises WrongPassword or LimitReached; after the present password was right, also WeakPassword.
    """
    prove(device.account, present, device=device.pk, by=by)
    if weaknesses := _weaknesses(device.account, password):
        raise WeakPassword(weaknesses)
    password_hash = hash_password(password)
    with transaction.atomic():
        account = _unchanged(device)
        change_password(account=account, password_hash=password_hash, by=by)
        return sign_in(account=account, known=device, by=by)


def sign_out_others(*, device: Device, which: str, present: str, by: Actor) -> Grant:
    """Sign out another device by its id, or all `OTHERS`, and forget them: the next sign-in there asks for a code.

    Raises UnknownDevice, WrongPassword, LimitReached.
    """
    if which != OTHERS and which not in {one.id for one in signed_in_devices(device) if not one.is_current}:
        raise UnknownDevice
    prove(device.account, present, device=device.pk, by=by)
    with transaction.atomic():
        account = _unchanged(device)
        others = account.devices.signed_in(timezone.now()).exclude(pk=device.pk).order_by("pk")
        for other in others if which == OTHERS else others.filter(pk=which):
            forget(other)
            sign_out(device=other, by=by)
        return sign_in(account=account, known=device, by=by)


def prove(account: Account, present: str, *, device: int | None, by: Actor) -> None:
    """Check the present password, at the cost of one hash. Tries are counted per device.

    Raises WrongPassword, LimitReached. The caller must not roll this back, so that a wrong password stays counted.
    """
    counted = [f"account:{account.pk}:{device or 'unknown'}"]
    spend(PASSWORD_TRIES, counted[0], market=account.market)
    if not verify_password(present, account.password_hash):
        record(AccountEvent.ACCOUNT_PASSWORD_REFUSED, market=account.market, by=by, subject=account)
        raise WrongPassword
    give_back(PASSWORD_TRIES, counted, market=account.market)


def _weaknesses(account: Account, password: str) -> list[tuple[str, str]]:
    """The problems of a new password, also compared with the person's own data."""
    return problems(password, min_length=account.profile.password_min_length, personal=words_of(account))


def _unchanged(device: Device) -> Account:
    """The account's row, locked. Raises WrongPassword if its password changed or staff locked it meanwhile."""
    account = Account.objects.select_for_update(of=("self",)).select_related("person").get(pk=device.account_id)
    if account.locked_at is not None or account.password_hash != device.account.password_hash:
        raise WrongPassword
    return account
