from mypolis.foundation.rooms import Room


class AuditRoom(Room):
    """The desk's pages about the trail of events."""

    name = "mypolis.offices.audit"
    label = "audit"
