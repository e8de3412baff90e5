from mypolis.foundation.rooms import Api, Pages, Room
from mypolis.membership.uploads.retention import UNFINISHED


class UploadsRoom(Room):
    """Uploads of members. Other rooms say for what: `extends = {"uploads.targets": ("uploads.TARGET",)}`."""

    name = "mypolis.membership.uploads"
    label = "uploads"
    events = "event_kinds.UploadEvent"
    pages = (Pages(place=95),)
    api = (Api(),)
    jobs = "jobs"
    retention = (UNFINISHED,)
