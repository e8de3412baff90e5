"""The rights of staff to find members, to see what they have, and to help them."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms import Right
from mypolis.foundation.rooms.declared import Holder

_STAFF: Final[frozenset[Holder]] = frozenset({"staff"})

SEE_PEOPLE = Right(
    "people",
    _("find people and see their covers, accounts and history; people see that somebody looked"),
    _STAFF,
    frozenset({"agent", "operator", "assessor", "senior-assessor"}),
)
RESEND_INVITATIONS = Right(
    "resend-invitations", _("send somebody a new invitation"), _STAFF, frozenset({"agent", "operator"})
)
CHANGE_ACCOUNTS = Right(
    "member-accounts",
    _("sign members out, lock their accounts, lift their limits, give them new usernames"),
    _STAFF,
    frozenset({"operator"}),
)
UNLOCK_ACCOUNTS = Right(
    "unlock-accounts",
    _("let a member whose account was locked sign in again"),
    _STAFF,
    frozenset({"operator"}),
    fresh=True,
    four_eyes=True,
)
CORRECT_CONTACTS = Right(
    "member-contacts",
    _("correct the email or mobile of a member"),
    _STAFF,
    frozenset({"operator"}),
    fresh=True,
    four_eyes=True,
)
