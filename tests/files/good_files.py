"""Small good files."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pikepdf
import pillow_heif
import segno
from pikepdf import Dictionary, Name, Pdf, Stream
from PIL import Image


def picture(size: tuple[int, int] = (80, 60), kind: str = "JPEG", **how: Any) -> bytes:
    """A picture with a gradient."""
    drawn, written = Image.linear_gradient("L").resize(size).convert("RGB"), io.BytesIO()
    drawn.save(written, kind, **how)
    return written.getvalue()


def heic(size: tuple[int, int] = (128, 96)) -> bytes:
    """A HEIC picture."""
    written = io.BytesIO()
    pillow_heif.from_pillow(Image.linear_gradient("L").resize(size).convert("RGB")).save(written, quality=80)
    return written.getvalue()


def document(change: Callable[[Pdf], object] = lambda _pdf: None, *, pages: int = 1, **how: Any) -> bytes:
    """A PDF with a line of text on each page; `change` adds to it."""
    written = io.BytesIO()
    with pikepdf.new() as pdf:
        font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        for _number in range(pages):
            page = pdf.add_blank_page()
            page.Resources = Dictionary(Font=Dictionary(F1=font))
            page.Contents = Stream(pdf, b"BT /F1 24 Tf 72 500 Td (Receipt) Tj ET")
        change(pdf)
        pdf.save(written, **how)
    return written.getvalue()


def photo_with_code(text: str, size: tuple[int, int] = (2400, 1800), *, scale: int = 6, turned: int = 0) -> bytes:
    """A photo of a receipt with a QR code in a corner. `scale` is the pixels of a module, `turned` an angle."""
    drawn, written = io.BytesIO(), io.BytesIO()
    segno.make(text, micro=False).save(drawn, kind="png", scale=scale)
    code = Image.open(drawn).convert("RGB").rotate(turned, expand=True, fillcolor="white")
    photo = Image.linear_gradient("L").resize(size).point(lambda shade: 200 + shade // 5).convert("RGB")
    photo.paste(code, (size[0] - code.width - 100, size[1] - code.height - 100))
    photo.save(written, "JPEG", quality=85)
    return written.getvalue()


def zipped(content: bytes, name: str = "eicar.com", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP with one file."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        archive.writestr(name, content)
    return written.getvalue()
