"""Sessions at the desk: opening, finding, ending. Source of the times: OWASP ASVS 5.0, 7.3; NIST allows more."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.lib.crypto.tokens import hash_token, new_token
from mypolis.foundation.staff.event_kinds import StaffEvent
from mypolis.foundation.staff.models import StaffAccount, StaffSession

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=8)
FRESH = timedelta(minutes=5)
JOINING = timedelta(minutes=30)
"""How long somebody has for linking the first factor, or a new one after a recovery code."""
_SEEN_EVERY = timedelta(seconds=30)


@transaction.atomic
def open_session(
    *, account: StaffAccount, by: Actor, only_factors: bool = False, factor: str
) -> tuple[StaffSession, str]:
    """Open a session after a `factor` was proven: passkey, app, recovery-code, invitation. Returns it and its token."""
    now, token = timezone.now(), new_token()
    joining = JOINING if only_factors else None
    session = StaffSession.objects.create(
        account=account,
        token_hash=hash_token(token),
        client=by.client,
        address=by.address or None,
        signed_in_at=now,
        last_act_at=now,
        idle_until=now + (joining or IDLE),
        fresh_until=now + (joining or FRESH),
        ends_at=now + (joining or LONGEST),
        only_factors=only_factors,
    )
    record(
        StaffEvent.STAFF_SIGNED_IN,
        market="",
        by=as_staff(by, account),
        subject=account,
        session=session.pk,
        with_=factor,
    )
    return session, token


def session_of(token: str) -> StaffSession | None:
    """The session with this token that is not over, with its account and roles; it may be locked."""
    found = StaffSession.objects.active(timezone.now()).filter(token_hash=hash_token(token))
    return found.select_related("account__holder").prefetch_related("account__roles").first()


def keep_awake(session: StaffSession) -> None:
    """Note that the person worked. A locked session stays locked."""
    now = timezone.now()
    if session.only_factors or session.is_locked_at(now) or now - session.last_act_at < _SEEN_EVERY:
        return
    session.last_act_at, session.idle_until = now, now + IDLE
    StaffSession.objects.filter(pk=session.pk, idle_until__gt=now).update(last_act_at=now, idle_until=now + IDLE)


@transaction.atomic
def refresh(*, session: StaffSession, by: Actor, factor: str) -> None:
    """Unlock a session and let it open sensitive pages for five minutes, after a factor was shown again."""
    now = timezone.now()
    session.last_act_at, session.idle_until, session.fresh_until = now, now + IDLE, now + FRESH
    session.save(update_fields=["last_act_at", "idle_until", "fresh_until"])
    record(StaffEvent.STAFF_PROVEN, market="", by=by, subject=session.account, session=session.pk, with_=factor)


@transaction.atomic
def end(*, session: StaffSession, by: Actor) -> None:
    """End a session. Ending it again changes nothing."""
    if StaffSession.objects.filter(pk=session.pk, ended_at=None).update(ended_at=timezone.now()):
        record(StaffEvent.STAFF_SIGNED_OUT, market="", by=by, subject=session.account, session=session.pk)


@transaction.atomic
def end_all(*, account: StaffAccount, by: Actor, but: StaffSession | None = None) -> int:
    """End every session of somebody, except one if it is given. Returns how many ended."""
    active = StaffSession.objects.active(timezone.now()).filter(account=account).select_for_update(of=("self",))
    sessions = [session for session in active.order_by("pk") if session != but]
    for session in sessions:
        end(session=session, by=by)
    return len(sessions)


def as_staff(by: Actor, account: StaffAccount) -> Actor:
    """The same caller as the member of staff whom they have proven to be."""
    return Actor("staff", str(account.pk), by.address, by.client)
