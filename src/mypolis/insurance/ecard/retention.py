"""How long this room keeps its data."""

from datetime import timedelta

from mypolis.foundation.rooms import Kept

LOOKS = Kept(
    "checks of cards and letters: when, from which network, with what answer", timedelta(days=400), "ecard.forget_looks"
)
