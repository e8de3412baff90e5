from mypolis.foundation.rooms import Pages, Room


class ApiRoom(Room):
    """Combines the rooms' operations under `/api/v1/`."""

    name = "mypolis.doors.api"
    label = "api"
    pages = (Pages(place=6),)
