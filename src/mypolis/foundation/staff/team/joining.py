"""Invitations: an administrator names somebody and their roles, and the link lets them choose password and factors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.factors.holders import new_holder
from mypolis.foundation.factors.passwords.password_rules import hash_password
from mypolis.foundation.lib.crypto.tokens import hash_token, new_token
from mypolis.foundation.lib.email_addresses import fold_email
from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.rooms import Role
from mypolis.foundation.staff import mail
from mypolis.foundation.staff.entrance.addresses import address_at_desk
from mypolis.foundation.staff.entrance.sessions import FRESH, IDLE, LONGEST, as_staff, end_all, open_session
from mypolis.foundation.staff.event_kinds import StaffEvent
from mypolis.foundation.staff.models import StaffAccount, StaffInvitation, StaffSession
from mypolis.foundation.staff.signin.flows import DESK
from mypolis.foundation.staff.team.role_changes import give_role

INVITATION_LIFE = timedelta(hours=24)


class AlreadyStaff(Exception):
    """This address belongs to somebody who has joined. Give them the role instead."""


class InvitationOver(Exception):
    """The link is unknown, used, or too old."""


@dataclass(frozen=True)
class Invited:
    """Who was invited, and the link that was sent to them."""

    account: StaffAccount
    url: str


@transaction.atomic
def invite(
    *,
    email: str,
    name: str,
    market: str,
    roles: Sequence[Role],
    by: Actor,
    proposed_by: StaffAccount | None = None,
) -> Invited:
    """Make an account that can do nothing yet, and send the link with which its owner joins.

    Somebody who was invited and has not joined gets a new link; the old ones end. Raises AlreadyStaff.
    """
    key = fold_email(email)
    account = StaffAccount.objects.select_for_update(of=("self",)).filter(email_key=key).first()
    if account is not None and (account.joined_at is not None or account.closed_at is not None):
        raise AlreadyStaff
    if account is None:
        language = profile_of(market).default_language
        holder = new_holder(door=DESK)
        try:
            with transaction.atomic():
                account = StaffAccount.objects.create(
                    email=email, email_key=key, name=name, language=language, holder=holder
                )
        except IntegrityError:
            raise AlreadyStaff from None
    record(StaffEvent.STAFF_INVITED, market="", by=by, subject=account)
    for role in roles:
        give_role(account=account, market=market, role=role, by=by, proposed_by=proposed_by)
    url = new_link(account)
    mail.send_invitation(account, market=market, url=url, by=by)
    return Invited(account, url)


def new_link(account: StaffAccount) -> str:
    """A link that is good for 24 hours; the account's older ones end. The caller records why, and sends it."""
    now, token = timezone.now(), new_token()
    account.invitations.filter(used_at=None).update(used_at=now)
    StaffInvitation.objects.create(account=account, token_hash=hash_token(token), expires_at=now + INVITATION_LIFE)
    return address_at_desk(f"/desk/i/{token}")


def is_joined(email: str) -> bool:
    """Whether this address belongs to somebody who has joined, so that `invite` would refuse it."""
    found = StaffAccount.objects.filter(email_key=fold_email(email)).first()
    return found is not None and (found.joined_at is not None or found.closed_at is not None)


def invitation_of(token: str) -> StaffInvitation:
    """The invitation with this link. Raises InvitationOver."""
    found = StaffInvitation.objects.select_related("account__holder").filter(token_hash=hash_token(token)).first()
    if found is None or not found.is_good_at(timezone.now()):
        raise InvitationOver
    return found


@transaction.atomic
def accept(*, token: str, password: str, by: Actor) -> tuple[StaffSession, str]:
    """Set the password, and open a session in which the new colleague links the first factor.

    The link stays good until then, so that a closed browser locks nobody out. Raises InvitationOver.
    """
    invitation = invitation_of(token)
    account = StaffAccount.objects.select_for_update(of=("self",)).get(pk=invitation.account_id)
    invitation = invitation_of(token)  # again: another tab may have linked a factor while this one waited
    account.password_hash = hash_password(password)
    account.save(update_fields=["password_hash"])
    record(StaffEvent.STAFF_PASSWORD_CHANGED, market="", by=as_staff(by, account), subject=account)
    end_all(account=account, by=as_staff(by, account))
    return open_session(account=account, by=by, factor="invitation", only_factors=True)


@transaction.atomic
def first_factor_linked(*, session: StaffSession, by: Actor) -> None:
    """Open the whole desk to a session that has just linked a factor; its invitation is used up now."""
    now, account = timezone.now(), session.account
    session.only_factors, session.last_act_at = False, now
    session.idle_until, session.fresh_until, session.ends_at = now + IDLE, now + FRESH, now + LONGEST
    session.save(update_fields=["only_factors", "last_act_at", "idle_until", "fresh_until", "ends_at"])
    account.invitations.filter(used_at=None).update(used_at=now)
    if account.joined_at is None:
        account.joined_at = now
        account.save(update_fields=["joined_at"])
        record(StaffEvent.STAFF_JOINED, market="", by=by, subject=account)
