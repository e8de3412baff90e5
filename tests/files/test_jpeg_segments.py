"""JPEGs inside PDFs lose everything that does not draw them."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from mypolis.foundation.files.cleaning.child.jpeg_segments import without_metadata
from tests.files.good_files import picture

PLACE = b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"


@given(st.binary(max_size=100))
def test_a_jpeg_without_metadata_is_made_or_it_is_no_jpeg(noise: bytes) -> None:
    good = picture(comment=noise)
    bare = without_metadata(good + noise)
    assert not ImageChops.difference(Image.open(BytesIO(bare)), Image.open(BytesIO(good))).getbbox()
    for cut in (good[:5], noise, b"\xff\xd8" + noise):
        try:
            without_metadata(cut)
        except ValueError:
            continue
        raise AssertionError(cut)


def test_what_follows_the_end_of_a_jpeg_is_removed() -> None:
    """Also a second picture, which some phones put there, with its own data about the place."""
    for first in (picture(), picture(progressive=True)):
        for more in (picture((30, 30), exif=PLACE), b"PK\x03\x04" + b"x" * 100 + b"\xff\xd9"):
            bare = without_metadata(first + more)
            assert bare.endswith(b"\xff\xd9")
            assert len(bare) <= len(first)
            assert not ImageChops.difference(Image.open(BytesIO(bare)), Image.open(BytesIO(first))).getbbox()


@pytest.mark.parametrize("length", [b"\x00\x00", b"\x00\x01", b"\xff\xff"])
def test_a_segment_that_is_shorter_than_its_length_or_longer_than_the_file_is_no_jpeg(length: bytes) -> None:
    with pytest.raises(ValueError, match="segment"):
        without_metadata(b"\xff\xd8\xff\xe0" + length + picture()[2:])


@pytest.mark.parametrize("content", [b"\xff\xd8\xff\xd9", picture()[:-2], picture()[:200]])
def test_a_jpeg_without_pixels_or_without_end_is_none(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"marker|end|segment"):
        without_metadata(content)
