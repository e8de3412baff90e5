"""How long this room keeps its data."""

from datetime import timedelta

from mypolis.foundation.rooms import Kept

ENDED = Kept("guarantees with their letters, after they ended", timedelta(days=3653), "guarantees.forget")
