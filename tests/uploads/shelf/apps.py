from mypolis.foundation.rooms import Command, Pages, Room


class ShelfRoom(Room):
    """A shelf for each member's files."""

    name = "tests.uploads.shelf"
    label = "shelf"
    pages = (Pages(place=98),)
    commands = (Command("shelf", "sign a member in who has a shelf"),)
    file_owners = ("accounts.account",)
    extends = {"uploads.targets": ("target.TARGET",)}
