"""QR codes on photos and on pages are read, and nothing else happens with them."""

from io import BytesIO

import pikepdf
import pytest
from pikepdf import Dictionary, Name, Pdf, Stream

from tests.files.cleaned import cleaned
from tests.files.good_files import document, photo_with_code, picture

TEXT = "t=20261130T1201&s=1234.00&fn=9282440300000000&i=12345&fp=1234567890&n=1"


def page_with(photo: bytes, number: int = 0) -> bytes:
    """A PDF of six pages, one of which shows the photo."""

    def place(pdf: Pdf) -> None:
        size = {"Width": 2400, "Height": 1800, "BitsPerComponent": 8, "ColorSpace": Name.DeviceRGB}
        image = Stream(pdf, photo, Type=Name.XObject, Subtype=Name.Image, Filter=Name.DCTDecode, **size)
        pdf.pages[number].Resources = Dictionary(XObject=Dictionary(I=image))
        pdf.pages[number].Contents = Stream(pdf, b"500 0 0 375 50 200 cm /I Do")

    return document(place, pages=6)


def test_a_photo_without_a_code_has_none() -> None:
    assert cleaned(picture((800, 600))).codes == ()


@pytest.mark.parametrize("turned", [0, 7, 90, 180, 233])
def test_a_code_is_read_however_it_lies(turned: int) -> None:
    assert cleaned(photo_with_code(TEXT, turned=turned)).codes == (TEXT,)


def test_a_code_that_is_too_small_in_the_shrunk_copy_is_read_in_the_original() -> None:
    photo = photo_with_code(TEXT, (6000, 4000), scale=3)
    shrunk = cleaned(cleaned(photo).content)
    assert shrunk.codes == (), "the shrunk copy alone would not do"
    assert cleaned(photo).codes == (TEXT,)


def test_a_code_on_a_page_is_read() -> None:
    assert cleaned(page_with(photo_with_code(TEXT))).codes == (TEXT,)


def test_a_code_on_a_late_page_is_not_looked_for() -> None:
    assert cleaned(page_with(photo_with_code(TEXT), number=5)).codes == ()


@pytest.mark.parametrize("text", ["https://suf.purs.gov.rs/v/?vl=A0", "javascript:alert(1)", "ъ" * 300])
def test_a_code_is_given_as_it_is(text: str) -> None:
    assert cleaned(photo_with_code(text)).codes == (text,)


def test_the_same_code_twice_is_one() -> None:
    photo = photo_with_code(TEXT)
    twice = pikepdf.Pdf.new()
    with pikepdf.open(BytesIO(page_with(photo))) as one:
        twice.pages.extend([one.pages[0], one.pages[0]])
    assert cleaned(_saved(twice)).codes == (TEXT,)


def _saved(pdf: Pdf) -> bytes:
    written = BytesIO()
    pdf.save(written)
    return written.getvalue()
