"""How long this room keeps its data."""

from datetime import timedelta

from mypolis.foundation.rooms import Kept

REFUSALS = Kept("counts of what limits refused, per market and day", timedelta(days=30), "guards.purge")
