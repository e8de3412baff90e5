"""The events of this room."""

from mypolis.foundation.events.kinds import Kind, kind


class OperatorEvent(Kind):
    """What operators do for members."""

    LIMIT_LIFTED = kind("limit.lifted", by="staff")
