"""The rights of this room."""

from mypolis.foundation.rooms import Right

PORTAL_STATE = Right(
    "portal-state",
    "see how the portal runs: messages, background work, limits, counts by day",
    frozenset({"staff"}),
    frozenset({"administrator", "operator"}),
)
