"""The limits of this room. `docs/reference/limits.md` says what each counts."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.guards.limits import Limit

PEOPLE_SEARCHES = Limit(
    name="people-searches", most=300, window=timedelta(hours=1), words=_("Searches for people at the desk")
)
LETTERS = Limit(
    name="desk-letters", most=60, window=timedelta(hours=1), words=_("Invitations and usernames sent by a colleague")
)
LOCKS = Limit(
    name="member-locks", most=30, window=timedelta(hours=1), words=_("Accounts of members locked by a colleague")
)
