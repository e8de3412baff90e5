"""Handles uploads where no files are expected: they are not stored, and too large ones are refused early."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class NoFiles(FileUploadHandler):
    """Discards every file of a form. A room that accepts uploads sets its own handler on the request."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Discard the data. Too much data is refused like a form that is too large."""
        if start + len(raw_data) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig("a file where none is expected")

    def file_complete(self, file_size: int) -> Any:
        """Return None: there is no file."""
        return None
