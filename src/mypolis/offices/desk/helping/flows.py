"""What staff do for a person: with a reason that the audit trail keeps, or up to a limit."""

from django.db import transaction

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.guards.flows import spend
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.usernames.new_username import issue_username
from mypolis.membership.operators.flows import end_sessions
from mypolis.membership.operators.locking import LockReason, lock_account
from mypolis.membership.people.models import Person
from mypolis.membership.roster.invitations import invite
from mypolis.offices.desk.event_kinds import DeskEvent
from mypolis.offices.desk.limits import LETTERS, LOCKS


@transaction.atomic
def sign_member_out(*, account: Account, reason: str, by: Actor) -> int:
    """End all sessions of a member, forget devices and app. Returns how many sessions were active."""
    ended = end_sessions(account=account, by=by)
    record(
        DeskEvent.PERSON_HELPED, market=account.market, by=by, subject=account.person, what="sessions", reason=reason
    )
    return ended


@transaction.atomic
def lock_member(*, account: Account, reason: LockReason, staff: int, by: Actor) -> None:
    """Lock a member's account. Raises AlreadyLocked, and LimitReached after many locks by one colleague.

    One person locks and two unlock, so whoever stole a session at the desk could else lock all members out.
    """
    spend(LOCKS, str(staff), market=account.market)
    lock_account(account=account, reason=reason, by=by)


@transaction.atomic
def give_new_username(*, account: Account, staff: int, by: Actor) -> None:
    """Give a member a new username by mail. Raises NoUsername; LimitReached after too many letters by one colleague."""
    spend(LETTERS, str(staff), market=account.market)
    issue_username(account=account, by=by)


@transaction.atomic
def send_new_invitation(*, person: Person, staff: int, by: Actor) -> bool:
    """Send a person a new link by mail; the old one ends. Returns whether there was an address for it.

    Raises LimitReached after too many letters by one colleague.
    """
    spend(LETTERS, str(staff), market=person.market)
    return bool(invite(market=person.market, person_ids=[person.pk], by=by, again=True).sent)
