"""How long this room keeps its data."""

from datetime import timedelta

from mypolis.foundation.rooms import Kept

CLAIM_LISTS = Kept("lists of claims that staff asked for", timedelta(days=1), "reports.forget_claim_lists")
