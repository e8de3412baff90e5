"""The rights to cover data that a partner's program can have."""

from django.utils.translation.trans_null import gettext_noop

from mypolis.foundation.rooms import Right

PLAN_BOOKS = Right("plan-books", gettext_noop("load plan books"), frozenset({"partner"}))
COVER_ENTRIES = Right(
    "cover-entries", gettext_noop("send entries of what is reserved and used"), frozenset({"partner"})
)
