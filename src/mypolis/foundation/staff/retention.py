"""How long this room keeps its data."""

from datetime import timedelta

from mypolis.foundation.rooms import Kept

STAFF_SESSIONS = Kept("sessions at the desk, after they ended", timedelta(days=90), "staff.purge")
