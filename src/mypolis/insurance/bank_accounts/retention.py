"""How long this room keeps its data."""

from datetime import timedelta

from mypolis.foundation.rooms import Kept

REMOVED = Kept(
    "bank accounts that their members removed, and to which no claim refers",
    timedelta(days=90),
    "bank_accounts.forget_removed",
)
