from mypolis.foundation.rooms import Pages, Room


class DemoRoom(Room):
    """Sample people, the partners' fakes, the inbox."""

    name = "mypolis.demo"
    label = "demo"
    pages = (Pages(place=15),)
