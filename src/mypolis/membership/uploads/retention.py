"""How long this room keeps its data."""

from datetime import timedelta

from mypolis.foundation.rooms import Kept

UNFINISHED = Kept("uploads, after their last byte arrived", timedelta(days=1), "uploads.forget")
