from mypolis.foundation.rooms import Check, Room


class FilesRoom(Room):
    """Stored files of people."""

    name = "mypolis.foundation.files"
    label = "files"
    events = "event_kinds.FileEvent"
    jobs = "jobs"
    checks = (Check("scanning.findings.findings", needs_sound_profiles=True),)
