"""Draws the pages of a PDF."""

from collections.abc import Iterator
from typing import BinaryIO

import pypdfium2
from PIL import Image

from mypolis.foundation.files.cleaning.child.refused import RefusedError

LONG_SIDE = 2_200
"""Pixels: 190 for each inch of A4, so that small print and QR codes can be read."""
_MOST_ENLARGED = 4.0


def drawn_pages(file: BinaryIO) -> Iterator[tuple[Image.Image, tuple[float, float]]]:
    """Yield each page as a picture in RGB, with its width and height in points. Raises RefusedError."""
    file.seek(0)
    try:
        document = pypdfium2.PdfDocument(file)
        for page in document:
            width, height = page.get_size()
            scale = min(LONG_SIDE / max(width, height, 1), _MOST_ENLARGED)
            picture = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
            yield picture, (width, height)
            page.close()
    except pypdfium2.PdfiumError:
        raise RefusedError("damaged") from None
