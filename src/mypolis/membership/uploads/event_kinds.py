"""The events of this room."""

from mypolis.foundation.events.kinds import Kind, kind


class UploadEvent(Kind):
    """Events about uploads. The arrival of single pieces is not recorded."""

    UPLOAD_BEGUN = kind("upload.begun", by="member", about="uploads.upload")
    UPLOAD_FINISHED = kind("upload.finished", by="member", about="uploads.upload")
    UPLOAD_REMOVED = kind("upload.removed", by="member", about="uploads.upload")
    UPLOADS_FORGOTTEN = kind("upload.forgotten", by="system", of_no_market=True, by_worker=True)
