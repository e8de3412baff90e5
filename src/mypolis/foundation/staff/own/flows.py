"""Changes of one's own factors and password. Each tells the person by mail, and needs a factor shown just before."""

from django.core import signing
from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.factors import authenticator_apps, recovery_codes, time_codes
from mypolis.foundation.factors.models import Passkey
from mypolis.foundation.factors.passkeys import adding
from mypolis.foundation.factors.passwords.password_rules import hash_password
from mypolis.foundation.guards.flows import give_back_all, spend_all
from mypolis.foundation.staff import mail
from mypolis.foundation.staff.entrance.sessions import end_all
from mypolis.foundation.staff.event_kinds import StaffEvent
from mypolis.foundation.staff.limits import STAFF_PROOF_TRIES
from mypolis.foundation.staff.models import StaffAccount, StaffSession
from mypolis.foundation.staff.signin.flows import DESK, Refused
from mypolis.foundation.staff.team.joining import first_factor_linked

_SALT = "mypolis.staff.new-app"
_NEW_APP_LIFE = 600  # seconds for scanning the code


class LastFactor(Exception):
    """Without this factor nobody could sign in to the account any more."""


class SessionOver(Exception):
    """The session ended after the request began: somebody opened the same invitation elsewhere, or ended it."""


@transaction.atomic
def add_passkey(*, session: StaffSession, sent: str, name: str, by: Actor) -> Passkey:
    """Link a passkey. Raises PasskeyRefused, SessionOver."""
    _require_open(session)
    passkey = adding.add(holder=session.account.holder, sent=sent, name=name, by=by)
    _added(session, by)
    return passkey


@transaction.atomic
def remove_passkey(*, account: StaffAccount, key: int, by: Actor) -> bool:
    """Remove a passkey of this account. Returns whether there was one. Raises LastFactor."""
    _lock(account)
    passkey = account.holder.passkeys.filter(pk=key, removed_at=None).first()
    if passkey is None:
        return False
    if passkey.suspect_since is None and count_factors(account) == 1:
        raise LastFactor
    adding.remove(passkey=passkey, by=by)
    mail.tell_of_factor(account, template="staff-factor-removed", by=by)
    return True


def new_app_ticket(account: StaffAccount) -> tuple[str, str]:
    """A new secret for an app, and a signed ticket with it. The ticket is in the form; the server stores nothing."""
    secret = time_codes.new_secret()
    return secret, signing.dumps([account.pk, secret], salt=_SALT)


def secret_of(ticket: str, account: StaffAccount) -> str | None:
    """The secret of a ticket of this account that is not too old."""
    try:
        key, secret = signing.loads(ticket, salt=_SALT, max_age=_NEW_APP_LIFE)
    except (signing.BadSignature, UnicodeError):
        return None
    return str(secret) if key == account.pk else None


def link_app(*, session: StaffSession, secret: str, typed: str, by: Actor) -> None:
    """Link an app whose current code was typed; it replaces an earlier one.

    Raises Refused, LimitReached, SessionOver.
    """
    use = (STAFF_PROOF_TRIES, f"{session.account_id}:new-app")
    spend_all([use], market=DESK)
    step = time_codes.step_of(secret, typed, timezone.now())
    if step is None:
        raise Refused
    with transaction.atomic():
        _require_open(session)
        give_back_all([use], market=DESK)
        authenticator_apps.link(holder=session.account.holder, secret=secret, step=step, by=by)
        _added(session, by)


@transaction.atomic
def unlink_app(*, account: StaffAccount, by: Actor) -> bool:
    """Remove the app. Returns whether there was one. Raises LastFactor."""
    _lock(account)
    if not authenticator_apps.is_linked(account.holder):
        return False
    if count_factors(account) == 1:
        raise LastFactor
    authenticator_apps.unlink(holder=account.holder, by=by)
    mail.tell_of_factor(account, template="staff-factor-removed", by=by)
    return True


@transaction.atomic
def new_recovery_codes(*, account: StaffAccount, by: Actor) -> tuple[str, ...]:
    """Ten new codes, shown once; the old ones are void."""
    codes = recovery_codes.new_set(holder=account.holder, by=by)
    mail.tell_of_factor(account, template="staff-factor-added", by=by)
    return codes


@transaction.atomic
def change_password(*, session: StaffSession, password: str, by: Actor) -> None:
    """Set a new password and end all other sessions."""
    account = session.account
    account.password_hash = hash_password(password)
    account.save(update_fields=["password_hash"])
    end_all(account=account, by=by, but=session)
    record(StaffEvent.STAFF_PASSWORD_CHANGED, market="", by=by, subject=account)


def count_factors(account: StaffAccount) -> int:
    """How many passkeys and apps can be used for sign-in."""
    passkeys = account.holder.passkeys.filter(removed_at=None, suspect_since=None).count()
    return passkeys + authenticator_apps.is_linked(account.holder)


def _added(session: StaffSession, by: Actor) -> None:
    mail.tell_of_factor(session.account, template="staff-factor-added", by=by)
    if session.only_factors:
        first_factor_linked(session=session, by=by)


def _require_open(session: StaffSession) -> None:
    """Otherwise two people with one link could set the password and the factor of one account. Raises SessionOver."""
    _lock(session.account)
    if not StaffSession.objects.active(timezone.now()).filter(pk=session.pk).exists():
        raise SessionOver


def _lock(account: StaffAccount) -> None:
    """Two tabs must not remove the last two factors at once."""
    StaffAccount.objects.select_for_update(of=("self",)).get(pk=account.pk)
