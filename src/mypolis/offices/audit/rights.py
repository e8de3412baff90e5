"""The rights of this room."""

from mypolis.foundation.rooms import Right

READ_TRAIL = Right(
    "audit",
    "search the trail of events and verify its chain",
    frozenset({"staff"}),
    frozenset({"auditor"}),
)
EXPORT_TRAIL = Right(
    "audit-files",
    "export events of the trail as a file",
    frozenset({"staff"}),
    frozenset({"auditor"}),
    fresh=True,
)
