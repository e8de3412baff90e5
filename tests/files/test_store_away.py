"""The store of files is away, full, or has lost one file: what people are told, and that nothing is half done."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage

from mypolis.foundation.files import storage as stores
from mypolis.foundation.files.models import StoredFile
from mypolis.foundation.files.storage import Pieces, storage
from mypolis.foundation.web.outage import StoreAwayError
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.membership.accounts.models import Account
from tests.api.talk import assert_problem
from tests.claims.app import App
from tests.claims.conftest import budi
from tests.claims.owned import clean_file, owned_claim

__all__ = ["budi"]


@pytest.fixture
def app(budi: Account) -> App:
    """Budi's app and browser. They get what the portal answers, also to its own failures."""
    app = App(budi)
    app.client.raise_request_exception = app.page_client.raise_request_exception = False
    return app


@pytest.fixture
def addresses(budi: Account) -> tuple[str, str]:
    """The addresses of a clean file of Budi's, for the app and for the browser."""
    claim = owned_claim(budi, State.IN_REVIEW, "C-2026-000001")
    file = clean_file(claim).pk
    return f"claims/{claim.pk}/files/{file}?full=1", f"/id/claims/{claim.pk}/files/{file}/?full=1"


@pytest.mark.parametrize("away", ["unmounted", "gone", "broken"])
def test_a_file_that_cannot_be_opened_now_is_a_503_and_later_it_opens(
    app: App, addresses: tuple[str, str], folder: Path, away: str
) -> None:
    folder.rename(folder.with_name("aside"))
    if away == "unmounted":
        folder.mkdir()
    if away == "broken":
        folder.touch()
    answer = app.get(addresses[0])
    assert assert_problem(answer, 503)["type"].endswith("unavailable")
    page = app.page_client.get(addresses[1])
    assert (page.status_code, page["Retry-After"]) == (503, answer["Retry-After"])
    if away == "unmounted":
        folder.rmdir()
    if away == "broken":
        folder.unlink()
    folder.with_name("aside").rename(folder)
    assert app.get(addresses[0]).status_code == app.page_client.get(addresses[1]).status_code == 200


def test_a_file_that_the_store_lost_is_an_error_that_somebody_must_look_at(
    app: App, addresses: tuple[str, str], folder: Path
) -> None:
    (folder / StoredFile.objects.get(kind="receipt").place).unlink()
    assert assert_problem(app.get(addresses[0]), 500)


def test_a_store_that_is_full_is_away(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    with pytest.raises(StoreAwayError):
        storage().save("ab/abc", Pieces([b"x"]))


def test_a_new_folder_is_on_disk_before_a_file_in_it_counts_as_saved(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    fsync = os.fsync

    def note(descriptor: Any) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        fsync(descriptor)

    monkeypatch.setattr(stores.os, "fsync", note)
    storage().save("ab/abc", Pieces([b"x"]))
    assert synced == [str(path) for path in (folder / "ab" / "abc", folder / "ab", folder, folder.parent)]
    synced.clear()
    storage().save("ab/abd", Pieces([b"x"]))
    assert synced == [str(folder / "ab" / "abd"), str(folder / "ab")]
