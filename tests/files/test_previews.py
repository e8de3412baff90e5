"""Each page of a cleaned file has a small picture, for people who may see its owner."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.http import Http404, HttpRequest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mypolis.foundation.events.models import Event
from mypolis.foundation.files.checking.previews import packed, unpacked
from mypolis.foundation.files.models import StoredFile
from mypolis.foundation.files.receiving import remove_received
from mypolis.foundation.files.serving import serve, serve_preview
from mypolis.membership.people.models import Person
from tests.files.given import MEMBER, after_check, anna, given_by
from tests.files.good_files import document

__all__ = ["anna"]


@pytest.fixture
def ask() -> Callable[[], HttpRequest]:
    return lambda: RequestFactory().get("/ru/files/")


def test_each_page_has_a_small_picture(anna: Person, ask: Callable[[], HttpRequest]) -> None:
    received = after_check(given_by(anna, document(pages=3)))
    assert [file.kind for file in StoredFile.objects.of(anna)] == ["receipt"], (
        "previews are not among the owner's files"
    )
    response = serve_preview(ask(), received, 3)
    assert Image.open(BytesIO(response.content)).format == "JPEG"
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith("inline")
    assert response["Content-Security-Policy"].endswith("sandbox")
    assert response["Cache-Control"] == "no-store"
    assert Event.objects.filter(kind="file.opened").count() == 1


@pytest.mark.parametrize("page", [-1, 0, 4, 10**9])
def test_a_page_that_is_not_there_is_not_found(anna: Person, ask: Callable[[], HttpRequest], page: int) -> None:
    received = after_check(given_by(anna, document(pages=3)))
    with pytest.raises(Http404):
        serve_preview(ask(), received, page)


def test_a_refused_file_has_no_preview(anna: Person, ask: Callable[[], HttpRequest]) -> None:
    with pytest.raises(Http404):
        serve_preview(ask(), after_check(given_by(anna, b"x")), 1)


def test_a_cleaned_picture_can_be_shown_in_the_browser(anna: Person, ask: Callable[[], HttpRequest]) -> None:
    received = after_check(given_by(anna))
    assert received.cleaned
    response = serve(ask(), received.cleaned, owner=anna, inline=True)
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith("inline")
    assert response["Content-Security-Policy"].endswith("sandbox")


def test_a_removed_file_takes_its_cleaned_copy_and_previews_along(
    anna: Person, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    received = after_check(given_by(anna))
    with django_capture_on_commit_callbacks(execute=True):
        remove_received(received=received, by=MEMBER)
    assert not StoredFile.objects.exists()
    assert [path for path in folder.rglob("*") if path.is_file()] == []


@given(st.lists(st.binary(max_size=50), max_size=5), st.integers(1, 7), st.integers(1, 30))
def test_previews_come_back_one_by_one(previews: list[bytes], page: int, size: int) -> None:
    whole = b"".join(packed(previews))
    pieces = (whole[start : start + size] for start in range(0, len(whole), size))
    assert unpacked(pieces, page) == (previews[page - 1] if page <= len(previews) else None)
