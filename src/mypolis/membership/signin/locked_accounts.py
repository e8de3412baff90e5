"""Tells members that staff locked their account, after the right password and code. Nobody else learns of it."""

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.journeys.definitions.answers import FieldError
from mypolis.foundation.journeys.definitions.errors import Refused
from mypolis.membership.accounts.models import Account

LOCKED = _("We have locked your account to protect you. Please call us, and we will help you.")


def refuse_locked(account: Account) -> None:
    """Raise Refused for a locked account. Call it at the end of a journey only, when all factors were shown.

    Earlier, the refusal would tell strangers that the account is locked.
    """
    if account.locked_at is not None:
        raise Refused(FieldError("", "locked", LOCKED))
