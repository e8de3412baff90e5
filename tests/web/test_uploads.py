"""Uploads where no files are expected."""

import os
import tempfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client


@pytest.mark.parametrize("size", [10, 100_000])
def test_a_file_is_dropped_and_the_form_is_judged_as_without_it(client: Client, db: None, size: int) -> None:
    before = set(os.listdir(tempfile.gettempdir()))
    file = SimpleUploadedFile("card.png", b"x" * size)
    answer = client.post("/ru/signin/", {"step": "credentials", "mobile": "", "password": "", "scan": file})
    assert answer.status_code == 422
    assert not answer.wsgi_request.FILES
    assert not [name for name in set(os.listdir(tempfile.gettempdir())) - before if name.endswith(".upload")]


def test_a_big_file_is_refused_before_it_is_read_to_its_end(client: Client, db: None) -> None:
    file = SimpleUploadedFile("card.png", b"x" * 3_000_000)
    assert client.post("/ru/signin/", {"step": "credentials", "scan": file}).status_code == 413
