"""The storage of encrypted files: "files" in Django's settings, at present a folder beside the database."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages

from mypolis.foundation.web.outage import StoreAwayError


class FolderStorage(FileSystemStorage):
    """A folder that only the portal's user can access and that has no URL. `save` returns after the file is on disk.

    `save` and `open` raise StoreAwayError if the folder cannot be used now, and `open` FileNotFoundError if only this
    file is missing.
    """

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        try:
            opened: File[bytes] = super()._open(name, mode)  # type: ignore[misc]  # Django's hooks; not in its stubs
        except OSError as error:
            if isinstance(error, FileNotFoundError) and self._has_anything():
                raise
            raise StoreAwayError(*error.args) from error
        return opened

    def _save(self, name: str, content: "File[bytes]") -> str:
        place = Path(self.path(name))
        # A new folder must be on disk in its own folder, too, or a power cut takes it with all files in it.
        new = [folder for folder in (place.parent, *place.parent.parents) if not folder.exists()]
        try:
            saved = str(super()._save(name, content))  # type: ignore[misc]
            _fsync(Path(self.path(saved)))
            _fsync(place.parent)
            for folder in new:
                _fsync(folder.parent)
        except OSError as error:
            raise StoreAwayError(*error.args) from error
        return saved

    def _has_anything(self) -> bool:
        """Whether the folder is there: where a disk is not mounted, an empty one is in its place."""
        try:
            return bool(os.listdir(self.location))
        except OSError:
            return False


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def storage() -> Storage:
    """The storage of encrypted files."""
    return storages["files"]


class Pieces(File):  # type: ignore[type-arg]  # takes no type parameters when it runs
    """A file for a storage to save; the storage only calls `chunks()`."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        super().__init__(None)
        self._pieces = pieces

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """The pieces, unchanged."""
        return iter(self._pieces)
