from mypolis.foundation.rooms import Room


class ReportsRoom(Room):
    """Reports of a market, as pages and as files."""

    name = "mypolis.offices.reports"
    label = "reports"
