"""Files where none are expected: nothing is kept of them, and no endless one is read to its end."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class NoFiles(FileUploadHandler):
    """Drops every file of a form. A room that takes uploads sets a handler of its own on the request."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Read and forget; too much is refused as too big a form is."""
        if start + len(raw_data) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig("a file where none is expected")

    def file_complete(self, file_size: int) -> Any:
        """There is no file."""
        return None
