"""The way back for somebody who lost the passkey, the app and all recovery codes. Nobody starts it for themselves."""

from django.db import transaction

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.factors import authenticator_apps, recovery_codes
from mypolis.foundation.factors.passkeys import adding
from mypolis.foundation.staff import mail
from mypolis.foundation.staff.entrance.sessions import end_all
from mypolis.foundation.staff.event_kinds import StaffEvent
from mypolis.foundation.staff.models import StaffAccount
from mypolis.foundation.staff.team.joining import Invited, new_link


class CannotReset(Exception):
    """The account is closed, or its owner has not joined yet: reopen it, or invite them again."""


@transaction.atomic
def reset(*, account: StaffAccount, by: Actor) -> Invited:
    """Put an account back to where its owner was invited, and send them a link that is good for 24 hours.

    The password and all factors are void, all sessions end, roles stay. All administrators of the person's markets are
    told. Raises CannotReset.
    """
    locked = StaffAccount.objects.select_for_update(of=("self",)).select_related("holder").get(pk=account.pk)
    if locked.closed_at is not None or locked.joined_at is None:
        raise CannotReset
    for passkey in locked.holder.passkeys.filter(removed_at=None):
        adding.remove(passkey=passkey, by=by)
    authenticator_apps.unlink(holder=locked.holder, by=by)
    recovery_codes.void(holder=locked.holder, by=by)
    end_all(account=locked, by=by)
    locked.password_hash, locked.joined_at = "", None
    locked.save(update_fields=["password_hash", "joined_at"])
    record(StaffEvent.STAFF_RESET, market="", by=by, subject=locked)
    url = new_link(locked)
    mail.send_reset(locked, url=url, by=by)
    return Invited(locked, url)
