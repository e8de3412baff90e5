"""How long this room keeps its data."""

from datetime import timedelta

from mypolis.foundation.rooms import Kept

TEMPORARY_PASSWORDS = Kept("temporary passwords, after they expired", timedelta(days=1), "accounts.purge")
