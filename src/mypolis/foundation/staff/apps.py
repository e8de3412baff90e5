from mypolis.foundation.rooms import Pages, Room


class StaffRoom(Room):
    """The desk's frame. Accounts of staff come with a room of their own."""

    name = "mypolis.foundation.staff"
    label = "staff"
    pages = (Pages(place=95),)
