"""Cleans PDFs: keeps what draws the pages, or draws the pages if they hold what we cannot check."""

from io import SEEK_END, BytesIO
from typing import BinaryIO

import pikepdf
from pikepdf import Name, Pdf, Stream
from PIL import Image

from mypolis.foundation.files.cleaning.child.drawn_pages import drawn_pages
from mypolis.foundation.files.cleaning.child.outputs import Outputs
from mypolis.foundation.files.cleaning.child.pdf_parts import remove_all_but_pages
from mypolis.foundation.files.cleaning.child.pdf_streams import can_stay, limit_decoding, show_streams
from mypolis.foundation.files.cleaning.child.qr_codes import texts_of
from mypolis.foundation.files.cleaning.child.refused import RefusedError
from mypolis.foundation.files.cleaning.limits import MOST_PAGES

_PAGES_WITH_CODES = 5  # receipts come first; reading a page takes a tenth of a second
_QUALITY = 80
_END_BYTES = 64 << 10  # some programs write something behind the end


def clean_document(file: BinaryIO, outputs: Outputs) -> dict[str, object]:
    """Write the cleaned PDF and a preview of each page; return the result. Raises RefusedError."""
    limit_decoding()
    with _opened(file) as pdf:
        pages = len(pdf.pages)
        if not 0 < pages <= MOST_PAGES:
            raise RefusedError("too_many_pages" if pages else "damaged")
        show_streams(pdf, outputs)
        remove_all_but_pages(pdf)
        rest = BytesIO()  # written before we look at its streams again: those of what was removed no longer count
        pdf.save(rest, deterministic_id=True)
    codes = _written(rest, outputs)
    result: dict[str, object] = {"media_type": "application/pdf", "pages": pages, "previews": outputs.preview_sizes}
    return result | {"codes": codes, "trace": ""}


def _opened(file: BinaryIO) -> Pdf:
    if not _has_end(file):  # the library would find some pages of a file that was cut, and nobody would miss the rest
        raise RefusedError("damaged")
    try:
        pdf = pikepdf.open(file, suppress_warnings=True)
    except pikepdf.PasswordError:
        raise RefusedError("encrypted_pdf") from None
    if pdf.is_encrypted:  # with an empty password: it opens, but whoever made it restricted its use
        pdf.close()
        raise RefusedError("encrypted_pdf")
    return pdf


def _has_end(file: BinaryIO) -> bool:
    size = file.seek(0, SEEK_END)
    file.seek(max(0, size - _END_BYTES))
    end = file.read()
    file.seek(0)
    return b"%%EOF" in end


def _written(rest: BytesIO, outputs: Outputs) -> list[str]:
    """Write what is left of the PDF, or its pages as pictures. Return the texts of the QR codes."""
    rest.seek(0)
    with pikepdf.open(rest, suppress_warnings=True) as pdf:
        stays = can_stay(pdf)
        if stays:
            pdf.save(outputs.cleaned, deterministic_id=True)
    codes: list[str] = []
    with pikepdf.new() as drawn:
        for number, (picture, size) in enumerate(drawn_pages(outputs.cleaned if stays else rest)):
            outputs.add_preview(picture)
            if number < _PAGES_WITH_CODES:
                codes += texts_of(picture)
            if not stays:
                _add_page(drawn, picture, size)
        if not stays:
            drawn.save(outputs.cleaned, deterministic_id=True)
    return list(dict.fromkeys(codes))


def _add_page(pdf: Pdf, picture: Image.Image, size: tuple[float, float]) -> None:
    """Add a page that shows nothing but this picture. `size` is in points."""
    jpeg = BytesIO()
    picture.save(jpeg, "JPEG", quality=_QUALITY)
    page = pdf.add_blank_page(page_size=size)
    image = Stream(
        pdf,
        jpeg.getvalue(),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=picture.width,
        Height=picture.height,
        ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
    )
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Page=image))
    page.Contents = Stream(pdf, f"{size[0]:.2f} 0 0 {size[1]:.2f} 0 0 cm /Page Do".encode())
