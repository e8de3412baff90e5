"""Files of an ordinary form, for browsers without script: sealed while they arrive, never on disk in clear."""

import hashlib
import uuid
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from mypolis.foundation.events import Actor
from mypolis.foundation.files.models import ReceivedFile, ReceivedPart
from mypolis.foundation.files.receiving import adopt_parts
from mypolis.foundation.files.sealed_parts import discard_parts, seal_part
from mypolis.foundation.lib.crypto.sealed_stream import new_key
from mypolis.foundation.staff.access import staff_of
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.sessions.middleware import account_of
from mypolis.membership.uploads.errors import EmptyFile, StorageAway, TooLarge, TooManyUploads
from mypolis.membership.uploads.file_names import cleaned_name
from mypolis.membership.uploads.targets import most_bytes_anywhere, target_in

MOST_FILES = 10
_PART_BYTES = 4 * 1024 * 1024  # at most this much of a file is in memory

type View = Callable[..., HttpResponseBase]


class FormFile(UploadedFile):  # type: ignore[type-arg]  # takes no type parameters when it runs
    """A file of a form whose bytes are in sealed parts. `problem` says why it cannot be used, if it cannot."""

    def __init__(self, name: str, file_id: uuid.UUID, key: bytes) -> None:
        super().__init__(file=None, name=name or "-", size=0)
        self.given_name = cleaned_name(name)
        self.file_id, self.key = file_id, key
        self.parts: list[ReceivedPart] = []
        self.digest = hashlib.sha256()
        self.problem: TooLarge | TooManyUploads | StorageAway | None = None


class SealedFiles(FileUploadHandler):
    """Seals the files of one form as they arrive. Reads on after a problem, so that the page can show it."""

    chunk_size = 64 * 2**10

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.files: list[FormFile] = []
        self._most = most_bytes_anywhere()

    def new_file(self, field_name: str, file_name: str, *args: Any, **named: Any) -> None:
        """Begin a file."""
        super().new_file(field_name, file_name, *args, **named)
        self._file, self._waiting, self._start = FormFile(file_name, uuid.uuid4(), new_key()), bytearray(), 0
        self.files.append(self._file)
        if len(self.files) > MOST_FILES:
            self._file.problem = TooManyUploads()
        if len(self.files) > 10 * MOST_FILES:
            raise StopUpload(connection_reset=True)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take a piece of the file."""
        if self._file.problem is None and start + len(raw_data) > self._most:
            self._file.problem = TooLarge()
        if start > 4 * self._most:
            raise StopUpload(connection_reset=True)
        if self._file.problem is not None:
            return
        self._file.digest.update(raw_data)
        self._waiting += raw_data
        if len(self._waiting) >= _PART_BYTES:
            self._seal()

    def file_complete(self, file_size: int) -> FormFile:
        """Return the file."""
        if self._waiting and self._file.problem is None:
            self._seal()
        self._file.size = file_size
        return self._file

    def discard_unused(self) -> None:
        """Delete what the view did not keep. Otherwise, a member could fill the disk with refused forms."""
        discard_parts(part for file in self.files for part in file.parts)

    def _seal(self) -> None:
        content, file = bytes(self._waiting), self._file
        try:
            file.parts.append(seal_part(file=file.file_id, key=file.key, start=self._start, content=[content]))
        except OSError:
            file.problem = StorageAway()
        self._start += len(content)
        self._waiting.clear()


def takes_files(view: View) -> View:
    """Let a member's form send files to this view. It finds them, as `FormFile`, in `request.FILES`.

    Put it above all decorators that read the form. Strangers' files are discarded, as everywhere else.
    """
    return _taking(view, lambda request: account_of(request) is not None)


def takes_files_at_desk(view: View) -> View:
    """The same for a form of the desk: files of everybody but the insurer's staff are discarded."""
    return _taking(view, lambda request: staff_of(request) is not None)


def _taking(view: View, is_known: Callable[[HttpRequest], bool]) -> View:
    protected = csrf_protect(view)

    @csrf_exempt  # only until the handler is set: checking the token reads the whole form
    @wraps(view)
    def taking(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        if request.method != "POST" or not is_known(request):
            return protected(request, *args, **named)
        handler = SealedFiles(request)
        request.upload_handlers = [handler]
        try:
            return protected(request, *args, **named)
        except DatabaseError:  # perhaps it committed; what no row names is deleted at night
            handler.files.clear()
            raise
        finally:
            handler.discard_unused()

    return taking


@transaction.atomic
def received_from_form(
    *, account: Account, files: "Iterable[UploadedFile[bytes]]", metadata: Mapping[str, str], by: Actor
) -> list[ReceivedFile]:
    """Add all files of a form, or none, to the owner in the metadata ({"claim": "7", "document": "receipt"}).

    `files` come from `request.FILES.getlist(…)` of a view with `takes_files` or `takes_files_at_desk`. Raises what
    `flows.begin` and `flows.finish` raise, and StorageAway.
    """
    target, added = target_in(metadata), []
    for file in files:
        if not isinstance(file, FormFile):
            raise TypeError("the view needs the decorator takes_files")
        if file.problem is not None:
            raise file.problem
        owner = target.find(account, {**metadata, "filename": file.given_name}, by)
        if not file.size:
            raise EmptyFile
        if file.size > target.most_bytes:
            raise TooLarge
        ReceivedPart.objects.bulk_create(file.parts)
        received = adopt_parts(
            file_id=file.file_id,
            key=file.key,
            size=file.size,
            sha256=file.digest.hexdigest(),
            market=account.market,
            owner=owner,
            kind=metadata.get("document", ""),
            name=file.given_name,
            by=by,
        )
        target.received(received, by)
        added.append(received)
    return added
