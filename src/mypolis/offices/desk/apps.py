from mypolis.foundation.rooms import Room


class DeskRoom(Room):
    """The desk's pages about people."""

    name = "mypolis.offices.desk"
    label = "desk"
