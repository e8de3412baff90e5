"""Checks who signs in at the desk. Every refusal is counted before the expensive work, and says the same."""

from django.db import transaction

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.factors import authenticator_apps, recovery_codes
from mypolis.foundation.factors.passkeys.answers import PasskeyRefused
from mypolis.foundation.factors.passkeys.proving import prove
from mypolis.foundation.factors.passwords.password_rules import hash_password, needs_rehash, verify_password
from mypolis.foundation.guards.flows import give_back_all, network_of, spend, spend_address, spend_all
from mypolis.foundation.lib.email_addresses import fold_email
from mypolis.foundation.staff import mail
from mypolis.foundation.staff.entrance.sessions import as_staff, open_session
from mypolis.foundation.staff.event_kinds import StaffEvent
from mypolis.foundation.staff.limits import (
    STAFF_PASSWORD_TRIES,
    STAFF_PASSWORD_TRIES_A_DAY,
    STAFF_PROOF_TRIES,
    STAFF_SIGN_INS,
)
from mypolis.foundation.staff.models import StaffAccount, StaffSession

DESK = "desk"  # the door of staff's factors, and the market under which the desk's limits are counted


class Refused(Exception):
    """The password, code or passkey is not right. `code` says more where the person may know it."""

    def __init__(self, code: str = "wrong") -> None:
        super().__init__(code)
        self.code = code


def check_password(*, email: str, password: str, is_open: bool, by: Actor) -> StaffAccount:
    """The account with this address and password. Costs one hash for every answer.

    `is_open`: the caller's network may use the desk; from any other network every password is wrong. Raises Refused,
    LimitReached. The caller must not roll this back, so that a wrong password stays counted.
    """
    key = fold_email(email)
    spend_address(STAFF_SIGN_INS, by=by, market=DESK)
    uses = [(STAFF_PASSWORD_TRIES, f"{key}:{network_of(by.address)}"), (STAFF_PASSWORD_TRIES_A_DAY, key)]
    spend_all(uses, market=DESK)
    account = StaffAccount.objects.filter(email_key=key).select_related("holder").first()
    may = account is not None and account.closed_at is None and account.password_hash != "" and is_open
    is_right = verify_password(password, account.password_hash if account is not None and may else None)
    if account is None or not may or not is_right:
        record(StaffEvent.STAFF_REFUSED, market="", by=by, subject=account, at="password")
        raise Refused
    give_back_all(uses, market=DESK)
    if needs_rehash(account.password_hash):
        _rehash(account, password)
    return account


def sign_in_with_app(*, account: StaffAccount, typed: str, by: Actor) -> tuple[StaffSession, str]:
    """Open a session with the code that the app shows. Raises Refused ("wrong" or "used"), LimitReached."""
    check_app(account=account, typed=typed, by=by)
    return open_session(account=account, by=by, factor="app")


def sign_in_with_passkey(*, account: StaffAccount, sent: str, by: Actor) -> tuple[StaffSession, str]:
    """Open a session with a passkey of this account. Raises Refused, LimitReached."""
    check_passkey(account=account, sent=sent, by=by)
    return open_session(account=account, by=by, factor="passkey")


def sign_in_with_recovery_code(*, account: StaffAccount, typed: str, by: Actor) -> tuple[StaffSession, str]:
    """Open a session that can only link a new factor. All administrators are told. Raises Refused, LimitReached."""
    use = (STAFF_PROOF_TRIES, str(account.pk))
    spend_all([use], market=DESK)
    with transaction.atomic():
        if recovery_codes.use(holder=account.holder, typed=typed, by=as_staff(by, account)):
            give_back_all([use], market=DESK)
            mail.tell_of_recovery(account, by=by)
            return open_session(account=account, by=by, factor="recovery-code", only_factors=True)
    _refuse(account, "recovery-code", by)
    raise Refused


def check_app(*, account: StaffAccount, typed: str, by: Actor) -> None:
    """Check and use up the app's code. Raises Refused ("wrong" or "used"), LimitReached."""
    use = (STAFF_PROOF_TRIES, str(account.pk))
    spend_all([use], market=DESK)
    result = authenticator_apps.use(holder=account.holder, typed=typed)
    if result != "right":
        _refuse(account, "app", by)
        raise Refused(result)
    give_back_all([use], market=DESK)


def check_passkey(*, account: StaffAccount, sent: str, by: Actor) -> None:
    """Check a passkey's answer, and that the passkey is this person's. Raises Refused, LimitReached."""
    spend(STAFF_PROOF_TRIES, f"{account.pk}:passkey:{network_of(by.address)}", market=DESK)
    try:
        passkey = prove(sent=sent, door=DESK, by=as_staff(by, account))
    except PasskeyRefused as refused:
        _refuse(account, "passkey", by)
        raise Refused(refused.code) from None
    if passkey.holder_id != account.holder_id:
        _refuse(account, "passkey", by)
        raise Refused("somebody-else")
    give_back_all([(STAFF_PROOF_TRIES, f"{account.pk}:passkey:{network_of(by.address)}")], market=DESK)


def _refuse(account: StaffAccount, at: str, by: Actor) -> None:
    record(StaffEvent.STAFF_REFUSED, market="", by=by, subject=account, at=at)


def _rehash(account: StaffAccount, password: str) -> None:
    before, account.password_hash = account.password_hash, hash_password(password)
    StaffAccount.objects.filter(pk=account.pk, password_hash=before).update(password_hash=account.password_hash)
