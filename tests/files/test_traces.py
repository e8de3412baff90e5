"""Traces of editing: one coarse word from the notes of a picture, kept when it is checked; the notes are not."""

from typing import Any

import pytest
from PIL import Image
from PIL.ExifTags import IFD, Base

from mypolis.foundation.files.checking import check as checks
from mypolis.membership.people.models import Person
from tests.files.cleaned import cleaned
from tests.files.conftest import folder
from tests.files.given import after_check, anna, contents, given_by
from tests.files.good_files import document, heic, picture

__all__ = ["anna", "folder"]

TAKEN = "2026:03:01 10:00:00"


def noted(software: object = "", taken: object = "", saved: object = "", *, kind: str = "JPEG") -> bytes:
    """A picture with these notes."""
    notes = Image.Exif()
    if software:
        notes[Base.Software] = software
    if saved:
        notes[Base.DateTime] = saved
    if taken:
        notes.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = taken
    return picture(kind=kind, exif=notes)


def trace(content: bytes) -> str:
    found = cleaned(content)
    assert found.reason is None
    return found.trace


@pytest.mark.parametrize(
    "content", [picture(), picture(kind="PNG"), heic(), document()], ids=["jpeg", "png", "heic", "pdf"]
)
def test_a_file_without_notes_has_no_trace(content: bytes) -> None:
    assert trace(content) == ""


@pytest.mark.parametrize(
    "notes",
    [
        {"software": "17.4.1", "taken": TAKEN, "saved": TAKEN},  # a phone's version
        {"software": "HDR+ 1.0.585804401zd", "taken": TAKEN, "saved": "2026:03:01 10:00:09"},
        {"software": "x" * 60_000},
        {"taken": TAKEN},
        {"saved": TAKEN},
        {"taken": "0000:00:00 00:00:00", "saved": TAKEN},
        {"taken": "yesterday", "saved": TAKEN},
        {"taken": TAKEN, "saved": "2026:02:01 10:00:00"},  # a clock that was set back is no trace
    ],
    ids=["version", "slow phone", "long", "no time saved", "no time taken", "zeros", "words", "set back"],
)
def test_what_phones_write_is_no_trace(notes: dict[str, Any]) -> None:
    assert trace(noted(**notes)) == ""


def test_notes_that_cannot_be_read_are_no_trace() -> None:
    assert trace(picture(exif=b"Exif\0\0II*\0\xff\xff\xff\xff")) == ""


@pytest.mark.parametrize("software", ["Adobe Photoshop 25.1 (Windows)", "GIMP 2.10.36", "snapseed 2.0", "Canva"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_program_for_editing_is_a_trace(software: str, kind: str) -> None:
    assert trace(noted(software, kind=kind)) == "editor"


def test_a_picture_that_changed_after_it_was_taken_has_a_trace() -> None:
    assert trace(noted(taken=TAKEN, saved="2026:03:01 10:05:00")) == "saved_later"


def test_an_editor_tells_more_than_times() -> None:
    assert trace(noted("GIMP 3", TAKEN, "2026:03:02 10:00:00")) == "editor"


def test_the_word_is_kept_with_the_file_and_the_notes_are_not(
    anna: Person, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"scanner_url": "standin://"})
    monkeypatch.setattr(checks, "extensions", lambda _point: [])
    received = after_check(given_by(anna, noted("GIMP 3", TAKEN, TAKEN)))
    assert (received.state, received.trace) == ("clean", "editor")
    assert received.cleaned is not None
    content = contents(received.cleaned, anna)
    assert b"GIMP" not in content
    assert b"2026:03" not in content
