"""Signing a member out with a reason that the audit trail keeps."""

from django.db import transaction

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.membership.accounts.models import Account
from mypolis.membership.operators.flows import end_sessions
from mypolis.offices.desk.event_kinds import DeskEvent


@transaction.atomic
def sign_member_out(*, account: Account, reason: str, by: Actor) -> int:
    """End all sessions of a member, forget devices and app. Returns how many sessions were active."""
    ended = end_sessions(account=account, by=by)
    record(
        DeskEvent.PERSON_HELPED, market=account.market, by=by, subject=account.person, what="sessions", reason=reason
    )
    return ended
