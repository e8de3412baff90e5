from mypolis.foundation.files.retention import REFUSED
from mypolis.foundation.rooms import Check, Room


class FilesRoom(Room):
    """Stored files of people."""

    name = "mypolis.foundation.files"
    label = "files"
    events = "event_kinds.FileEvent"
    jobs = "jobs"
    file_owners = ("files.receivedfile",)  # of the previews
    retention = (REFUSED,)
    metrics = ("counters.waiting_files",)
    checks = (Check("scanning.findings.findings", needs_sound_profiles=True),)
