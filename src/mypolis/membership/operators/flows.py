"""What operators do for a member whom they have verified; the commands and the desk use it."""

from django.db import transaction

from mypolis.foundation.events import Actor
from mypolis.membership.accounts.codes.authenticators import unlink
from mypolis.membership.accounts.contact_points.flows import NewContact, change_contact
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.sessions.devices import sign_out_and_forget


@transaction.atomic
def end_sessions(*, account: Account, by: Actor) -> int:
    """Sign a member out everywhere, forget the devices and unlink the app. Returns how many sessions were active."""
    unlink(account=account, by=by)  # a stolen phone has the app, too
    return sign_out_and_forget(account=account, by=by)


@transaction.atomic
def correct_contact(*, account: Account, contact: NewContact, by: Actor) -> int:
    """Replace a member's e-mail or mobile and end all sessions. Returns how many were active. Raises ContactTaken."""
    change_contact(account=account, contact=contact, by=by)
    return end_sessions(account=account, by=by)
