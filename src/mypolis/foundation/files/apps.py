from mypolis.foundation.rooms import Room


class FilesRoom(Room):
    """Files that are kept for people."""

    name = "mypolis.foundation.files"
    label = "files"
    events = "event_kinds.FileEvent"
    jobs = "jobs"
