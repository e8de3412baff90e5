"""Small pictures of the pages of a cleaned file. Those of one file are stored together, each after its length."""

import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from mypolis.foundation.events import SYSTEM, Actor
from mypolis.foundation.files.flows import open_file, store
from mypolis.foundation.files.models import ReceivedFile, StoredFile

KIND: Final = "previews"
MEDIA_TYPE: Final = "application/x-previews"  # no browser knows it: browsers get single previews only
_LENGTH: Final = struct.Struct(">I")


def store_previews(received: ReceivedFile, previews: Sequence[bytes]) -> StoredFile:
    """Store JPEGs of all pages, in order. The received file is their owner."""
    return store(
        market=received.market,
        owner=received,
        kind=KIND,
        name=KIND,
        media_type=MEDIA_TYPE,
        content=packed(previews),
        by=SYSTEM,
    )


def open_preview(received: ReceivedFile, page: int, *, by: Actor) -> bytes | None:
    """The JPEG of a page, counted from 1; None if there is no such page. Records that the file was opened."""
    file = StoredFile.objects.of(received).filter(kind=KIND).first()
    if file is None or not 1 <= page <= (received.pages or 0):
        return None
    return unpacked(open_file(file=file, owner=received, by=by), page)


def packed(previews: Iterable[bytes]) -> Iterator[bytes]:
    """Each preview after its length."""
    for preview in previews:
        yield _LENGTH.pack(len(preview))
        yield preview


def unpacked(pieces: Iterable[bytes], page: int) -> bytes | None:
    """The preview of a page, counted from 1, out of packed previews; None if there are fewer."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) >= _LENGTH.size and len(waiting) >= (end := _LENGTH.size + _LENGTH.unpack_from(waiting)[0]):
            if page == 1:
                return bytes(waiting[_LENGTH.size : end])
            page -= 1
            del waiting[:end]
    return None
