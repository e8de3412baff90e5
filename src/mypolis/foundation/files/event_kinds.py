"""The events of this room."""

from mypolis.foundation.events.kinds import Kind, kind


class FileEvent(Kind):
    """Events about files."""

    FILE_STORED = kind("file.stored", by="member staff", about="files.storedfile")
    FILE_OPENED = kind("file.opened", by="member staff", about="files.storedfile")
    FILE_REMOVED = kind("file.removed", by="member staff", about="files.storedfile")
