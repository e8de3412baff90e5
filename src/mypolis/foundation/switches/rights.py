"""The rights of this room."""

from mypolis.foundation.rooms import Right

SWITCH_ROOMS = Right(
    "switches",
    "switch rooms of a market off and on",
    frozenset({"staff"}),
    frozenset({"administrator"}),
    fresh=True,
)
BANNERS = Right(
    "banners",
    "publish notices above the pages of a market, and withdraw them",
    frozenset({"staff"}),
    frozenset({"administrator", "editor"}),
)
