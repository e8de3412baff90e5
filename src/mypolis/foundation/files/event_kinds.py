"""The events of this room."""

from mypolis.foundation.events.kinds import Kind, kind


class FileEvent(Kind):
    """Events about files."""

    FILE_STORED = kind("file.stored", by="member staff system", about="files.storedfile", by_worker=True)
    FILE_OPENED = kind("file.opened", by="member staff partner", about="files.storedfile")
    FILE_REMOVED = kind("file.removed", by="member staff system", about="files.storedfile", by_worker=True)
    RECEIVED_FILE_ADDED = kind("received_file.added", by="member staff", about="files.receivedfile")
    RECEIVED_FILE_CHECKED = kind("received_file.checked", by="system", about="files.receivedfile", by_worker=True)
    RECEIVED_FILE_FORGOTTEN = kind(
        "received_file.forgotten", by="member staff system", about="files.receivedfile", by_worker=True
    )
    RECEIVED_FILE_REMOVED = kind(
        "received_file.removed", by="member staff system", about="files.receivedfile", by_worker=True
    )
    RECEIVED_FILE_SEALED = kind(
        "received_file.sealed", by="member staff system partner", about="files.receivedfile", by_worker=True
    )
