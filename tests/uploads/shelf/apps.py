from mypolis.foundation.rooms import Room


class ShelfRoom(Room):
    """A shelf for each member's files."""

    name = "tests.uploads.shelf"
    label = "shelf"
    file_owners = ("accounts.account",)
    extends = {"uploads.targets": ("target.TARGET",)}
