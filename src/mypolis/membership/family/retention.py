"""How long this room keeps its data."""

from datetime import timedelta

from mypolis.foundation.rooms import Kept

REQUESTS = Kept(
    "requests for consent to claims that was never given: who asked whom", timedelta(days=400), "family.forget_requests"
)
VIEWINGS = Kept(
    "viewings of another's data by relatives and staff: who, whose, when", timedelta(days=400), "family.forget_viewings"
)
