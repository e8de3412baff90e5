"""Files of an ordinary form: sealed while they arrive, added all or none, and only from members."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from mypolis.foundation.events import Actor
from mypolis.foundation.files.models import ReceivedFile, ReceivedPart
from mypolis.foundation.files.receiving import open_received
from mypolis.foundation.files.storage import FolderStorage
from mypolis.membership.accounts.models import Account
from mypolis.membership.uploads import form_files
from mypolis.membership.uploads.errors import (
    EmptyFile,
    NoSuchTarget,
    NotAccepted,
    StorageAway,
    TooLarge,
    TooManyUploads,
    UploadError,
)
from mypolis.membership.uploads.form_files import received_from_form, takes_files, takes_files_at_desk
from tests.uploads.shelf.target import CAME, MOST

BIG = bytes(range(256)) * 40_000


def sent(account: Account | None, *files: tuple[str, bytes], checked: bool = False, **named: str) -> list[ReceivedFile]:
    """What becomes of a form with these files."""
    found: list[ReceivedFile] = []

    @takes_files
    def view(request: HttpRequest) -> HttpResponse:
        if account is not None:
            metadata = {"shelf": str(account.pk), "document": "photo", **named}
            given = request.FILES.getlist("photo")
            by = Actor("member", str(account.pk))
            found.extend(received_from_form(account=account, files=given, metadata=metadata, by=by))
        else:
            assert not request.FILES
        return HttpResponse(status=204)

    assert view(form(account, *files, checked=checked)).status_code == (403 if checked else 204)
    return found


def form(account: Account | None, *files: tuple[str, bytes], checked: bool = False) -> Any:
    """The request of a form; with `checked`, without the token that it needs."""
    body = {"photo": [SimpleUploadedFile(name, content) for name, content in files]}
    request: Any = RequestFactory().post("/rs/shelf/", body)
    request.account = account
    request._dont_enforce_csrf_checks = not checked
    return request


def on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_files_of_a_form_become_received_files(mila: Account, folder: Path) -> None:
    first, second = sent(mila, ("a.jpg", BIG), ("..\\secret/б.pdf", b"small"))
    assert (first.name, second.name, first.kind) == ("a.jpg", "б.pdf", "photo")
    assert b"".join(open_received(first)) == BIG
    assert b"".join(open_received(second)) == b"small"
    assert [str(first.pk), str(second.pk)] == CAME
    assert not any(b"small" in path.read_bytes() for path in on_disk(folder))


def test_a_stranger_s_files_are_discarded(mila: Account, folder: Path) -> None:
    assert sent(None, ("a.jpg", b"x" * 1_000)) == []
    assert on_disk(folder) == []


def test_files_for_the_desk_are_discarded_unless_staff_send_them(mila: Account, folder: Path) -> None:
    kept: list[int] = []

    @takes_files_at_desk
    def view(request: HttpRequest) -> HttpResponse:
        kept.append(sum(isinstance(file, form_files.FormFile) for file in request.FILES.getlist("photo")))
        return HttpResponse(status=204)

    from_member, from_staff = form(mila, ("a.jpg", b"x")), form(None, ("a.jpg", b"x"))
    from_staff.staff = object()
    for request in (from_member, from_staff):
        assert view(request).status_code == 204
    assert kept == [0, 1]
    assert on_disk(folder) == [], "what the view did not keep is deleted"


def test_a_form_of_another_site_adds_nothing(mila: Account) -> None:
    assert sent(mila, ("a.jpg", b"x"), checked=True) == []
    assert not ReceivedFile.objects.exists()


@pytest.mark.parametrize(
    ("files", "named", "refusal"),
    [
        ([("empty.jpg", b"")], {}, EmptyFile),
        ([("large.jpg", b"x" * (MOST + 1))], {}, TooLarge),
        ([(f"{number}.jpg", b"%d" % number) for number in range(form_files.MOST_FILES + 1)], {}, TooManyUploads),
        ([("a.jpg", b"x")], {"document": "video"}, NotAccepted),
        ([("a.jpg", b"x")], {"shelf": "0"}, NoSuchTarget),
    ],
    ids=["empty", "too-large", "too-many", "wrong-kind", "somebody-else-s"],
)
def test_a_form_that_is_refused_adds_nothing(
    mila: Account, files: list[tuple[str, bytes]], named: dict[str, str], refusal: type[UploadError]
) -> None:
    with pytest.raises(refusal):
        sent(mila, ("good.jpg", b"good"), *files, **named)
    assert not ReceivedFile.objects.exists()
    assert not ReceivedPart.objects.exists()


def test_a_form_that_is_refused_leaves_nothing_on_the_disk(mila: Account, folder: Path) -> None:
    """Or a member could fill the disk with forms that nobody takes."""
    with pytest.raises(NoSuchTarget):
        sent(mila, ("a.jpg", BIG), shelf="0")
    assert sent(mila, ("a.jpg", BIG), checked=True) == []
    assert on_disk(folder) == []


def test_files_stay_on_the_disk_if_the_database_may_have_committed_them(mila: Account, folder: Path) -> None:
    def breaks(request: HttpRequest) -> HttpResponse:
        assert request.FILES
        raise OperationalError("the line broke while it committed")

    with pytest.raises(OperationalError):
        takes_files(breaks)(form(mila, ("a.jpg", BIG)))
    assert on_disk(folder) != []


def test_a_full_disk_is_told(mila: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: FolderStorage, name: str, content: Any) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FolderStorage, "_save", full)
    with pytest.raises(StorageAway):
        sent(mila, ("a.jpg", b"x"))
    assert not ReceivedFile.objects.exists()
