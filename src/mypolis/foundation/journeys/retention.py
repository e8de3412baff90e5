"""How long this room keeps its data."""

from datetime import timedelta

from mypolis.foundation.rooms import Kept

JOURNEYS = Kept("journeys and their answers, after they ended", timedelta(days=1), "journeys.purge")
