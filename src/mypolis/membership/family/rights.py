"""The rights of staff in this room."""

from mypolis.foundation.rooms import Right

STAFF_RELATIONS = Right(
    "staff-relations",
    "note which insured person a member of staff is",
    frozenset({"staff"}),
    frozenset({"administrator"}),
    fresh=True,
)
