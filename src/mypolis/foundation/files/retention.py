"""How long this room keeps its data."""

from datetime import timedelta

from mypolis.foundation.rooms import Kept

REFUSED = Kept("received bytes of files that were refused, sealed", timedelta(days=30), "files.forget_received")
