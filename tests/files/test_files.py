"""Files are stored encrypted, belong to one row, and cannot run scripts in a browser."""

import stat
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpRequest
from django.test import RequestFactory

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.foundation.files import flows
from mypolis.foundation.files.flows import find, open_file, remove, store
from mypolis.foundation.files.jobs import sweep
from mypolis.foundation.files.models import StoredFile
from mypolis.foundation.files.serving import PDF, serve
from mypolis.foundation.files.storage import storage
from mypolis.foundation.keys.rotation import rotate
from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.lib.crypto.sealed_stream import BrokenStreamError
from mypolis.foundation.web.middleware import HeadHasNoBody
from mypolis.membership.people.models import Person
from tests.cast import ANNA, VERA, on_file
from tests.clock import stopped_at
from tests.keys.conftest import ring

__all__ = ["ring"]

PLAIN = b"%PDF-1.7 what only Anna may read " * 5_000


@pytest.fixture
def anna(db: None, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Person:
    """Anna, who may own files here: no room declares persons as owners."""
    monkeypatch.setattr(flows, "owners", lambda: frozenset({"people.person"}))
    return on_file(ANNA)


def test_a_row_of_a_model_that_no_room_declares_owns_no_files(db: None, folder: Path) -> None:
    with pytest.raises(ValueError, match="no room declares people\\.person"):
        keep(on_file(ANNA))


def keep(owner: Person, **changes: Any) -> StoredFile:
    given = {"name": "Договор № 1.pdf", "media_type": PDF, "kind": "contract", "content": [PLAIN], **changes}
    return store(market=owner.market, owner=owner, by=SYSTEM, **given)


def contents(file: StoredFile, owner: Person) -> bytes:
    return b"".join(open_file(file=file, owner=owner, by=SYSTEM))


def ask(method: str = "GET") -> HttpRequest:
    return RequestFactory().generic(method, "/ru/files/")


def test_a_file_comes_back_as_it_came(anna: Person) -> None:
    file = keep(anna)
    assert contents(StoredFile.objects.get(), anna) == PLAIN
    assert (file.size, len(file.sha256)) == (len(PLAIN), 64)


def test_nothing_of_a_file_can_be_read_on_the_disk(anna: Person, folder: Path) -> None:
    file = keep(anna)
    (path,) = (path for path in folder.rglob("*") if path.is_file())
    assert b"Anna" not in path.read_bytes()
    assert "pdf" not in str(path.relative_to(folder))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(one.stat().st_mode) for one in (path.parent, folder)} == {0o700}
    assert str(path.relative_to(folder)) == file.place


def test_a_file_is_found_by_its_owner_only(anna: Person) -> None:
    vera = on_file(VERA)
    file = keep(anna)
    assert find(file.pk, owner=anna) == file
    assert find(file.pk, owner=vera) is None
    assert find(uuid.uuid4(), owner=anna) is None
    with pytest.raises(PermissionError):
        open_file(file=file, owner=vera, by=SYSTEM)


def test_contents_exchanged_on_the_disk_do_not_open(anna: Person, folder: Path) -> None:
    one, other = keep(anna), keep(anna, content=[b"another text"])
    (folder / one.place).write_bytes((folder / other.place).read_bytes())
    with pytest.raises(BrokenStreamError):
        contents(one, anna)


def test_contents_that_were_lost_are_an_error_before_anything_is_sent(anna: Person, folder: Path) -> None:
    file = keep(anna)
    (folder / file.place).unlink()
    with pytest.raises(FileNotFoundError):
        serve(ask(), file, owner=anna)


def test_every_opening_and_change_is_recorded_without_the_name(anna: Person) -> None:
    file = keep(anna)
    contents(file, anna)
    remove(file=file, by=SYSTEM)
    told = list(Event.objects.filter(kind__startswith="file.").order_by("id").values_list("kind", "subject", "facts"))
    assert [kind for kind, _subject, _facts in told] == ["file.stored", "file.opened", "file.removed"]
    assert {subject for _kind, subject, _facts in told} == {f"files.storedfile:{file.id or told[0][1][-36:]}"}
    assert "Договор" not in str(told)


def test_a_removed_file_is_gone_from_the_disk_too(
    anna: Person, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    file = keep(anna)
    with django_capture_on_commit_callbacks(execute=True):
        remove(file=file, by=SYSTEM)
    assert not StoredFile.objects.exists()
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_a_file_is_removed_although_the_storage_is_away(
    anna: Person, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    file = keep(anna)
    folder.rename(folder.with_name("aside"))
    folder.touch()
    with django_capture_on_commit_callbacks(execute=True):
        remove(file=file, by=SYSTEM)
    assert not StoredFile.objects.exists()


def test_a_source_that_breaks_leaves_no_row(anna: Person) -> None:
    def breaking() -> Iterator[bytes]:
        yield b"x" * 100_000
        raise OSError("the line broke")

    with pytest.raises(OSError, match="the line broke"), transaction.atomic():
        keep(anna, content=breaking())
    assert not StoredFile.objects.exists()


def test_what_no_row_names_is_swept_up_after_a_day(anna: Person, folder: Path) -> None:
    kept, lost = keep(anna), keep(anna)
    StoredFile.objects.filter(pk=lost.pk).delete()
    written = storage().get_modified_time(lost.place)  # by the disk's clock
    with stopped_at(written + timedelta(hours=23)):
        sweep(timestamp=0)
        assert (folder / lost.place).exists(), "its transaction may still run"
    with stopped_at(written + timedelta(days=2)):
        sweep(timestamp=0)
    assert not (folder / lost.place).exists()
    assert contents(kept, anna) == PLAIN


def test_what_is_not_ours_in_the_storage_is_left_alone(anna: Person, folder: Path) -> None:
    lost = keep(anna)
    StoredFile.objects.all().delete()
    others = [folder / "lost+found" / "#12", folder / lost.place[:2] / ".nfs0001"]
    for path in others:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"of the disk")
    with stopped_at(storage().get_modified_time(lost.place) + timedelta(days=2)):
        sweep(timestamp=0)
    assert not (folder / lost.place).exists()
    assert all(path.exists() for path in others)


def test_sweeping_where_no_file_was_ever_kept_is_fine(db: None, folder: Path) -> None:
    assert not folder.exists()
    sweep(timestamp=0)
    assert not folder.exists(), "a sweep makes nothing"


@pytest.mark.django_db(transaction=True)
def test_files_open_under_the_new_key_when_the_old_one_is_gone(ring: Path, anna: Person, folder: Path) -> None:
    file = keep(anna)
    before = (folder / file.place).read_bytes()
    done = rotate(by=SYSTEM, wait=1.1, patience=5)
    assert done.retired == ("k1",)
    assert list(keyring.KeyRing.load(ring).keys) == ["k2"]
    again = StoredFile.objects.get()
    assert (contents(again, anna), again.name) == (PLAIN, "Договор № 1.pdf")
    assert (folder / file.place).read_bytes() == before, "only its key is sealed anew"


def test_a_pdf_may_be_looked_at_and_is_kept_nowhere(anna: Person) -> None:
    response = serve(ask(), keep(anna), owner=anna, inline=True)
    assert b"".join(response) == PLAIN  # type: ignore[arg-type]
    assert response["Content-Type"] == PDF
    name = "%D0%94%D0%BE%D0%B3%D0%BE%D0%B2%D0%BE%D1%80%20%E2%84%96%201.pdf"
    assert response["Content-Disposition"] == f"inline; filename*=utf-8''{name}"
    assert response["Content-Length"] == str(len(PLAIN))
    assert response["Cache-Control"] == "no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    "claimed", ["text/html", "image/svg+xml", "application/xhtml+xml", "text/html; charset=x\r\nA: b"]
)
def test_what_a_browser_could_run_is_downloaded_as_bytes_in_a_sandbox(anna: Person, claimed: str) -> None:
    file = keep(anna, media_type=claimed, name='a"b\r\nSet-Cookie: x=y\\.html', content=[b"<script>alert(1)</script>"])
    response = serve(ask(), file, owner=anna, inline=True)
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment; ")
    assert not {"\r", "\n"} & set(response["Content-Disposition"])
    assert response["Content-Security-Policy"].endswith("sandbox")


def test_a_head_request_tells_the_size_and_is_not_recorded_as_an_opening(anna: Person) -> None:
    file = keep(anna)
    response = HeadHasNoBody(lambda request: serve(request, file, owner=anna))(ask("HEAD"))  # type: ignore[arg-type, return-value]
    assert b"".join(response) == b""
    assert response["Content-Length"] == str(len(PLAIN))
    assert not Event.objects.filter(kind="file.opened").exists()
