from mypolis.foundation.rooms import Room


class FilesRoom(Room):
    """Stored files of people."""

    name = "mypolis.foundation.files"
    label = "files"
    events = "event_kinds.FileEvent"
    jobs = "jobs"
