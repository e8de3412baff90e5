"""The storage of encrypted files: "files" in Django's settings, at present a folder beside the database."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages


class FolderStorage(FileSystemStorage):
    """A folder that only the portal's user can access and that has no URL. `save` returns after the file is on disk."""

    def _save(self, name: str, content: "File[bytes]") -> str:
        saved = str(super()._save(name, content))  # type: ignore[misc]  # Django's hook for storages; not in its stubs
        path = Path(self.path(saved))
        for place in (path, path.parent):
            descriptor = os.open(place, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        return saved


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
