from mypolis.foundation.rooms import Pages, Room


class StaffRoom(Room):
    """The desk's frame. The accounts of staff will be in another room."""

    name = "mypolis.foundation.staff"
    label = "staff"
    pages = (Pages(place=95),)
