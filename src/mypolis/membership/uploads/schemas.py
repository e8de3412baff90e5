"""Shapes of the JSON of uploads."""

from datetime import datetime
from uuid import UUID

from ninja import Schema


class UploadDoc(Schema):
    """An unfinished upload: `offset` of `length` bytes have arrived. `document` is the file's kind."""

    id: UUID
    url: str
    name: str
    document: str
    length: int
    offset: int
    created_at: datetime


class UploadsDoc(Schema):
    """The member's unfinished uploads for one owner, the oldest first."""

    uploads: list[UploadDoc]
