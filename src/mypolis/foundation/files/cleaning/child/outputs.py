"""What the program that cleans produces beside its result."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO

from PIL import Image

from mypolis.foundation.files.cleaning.frames import write_stream
from mypolis.foundation.files.cleaning.limits import OVERLAP_BYTES, PREVIEW_SIDE, SCANNED_BYTES

_PREVIEW_QUALITY = 70


@dataclass
class Outputs:
    """The pipe for decoded streams, the file for the cleaned copy, and the file for the previews, one after another."""

    pipe: BinaryIO
    cleaned: BinaryIO
    previews: BinaryIO
    preview_sizes: list[int] = field(default_factory=list)

    def show_stream(self, content: bytes) -> None:
        """Hand over a decoded stream for scanning; a long one in parts that overlap."""
        for part in _parts(content):
            write_stream(self.pipe, part)

    def add_preview(self, page: Image.Image) -> None:
        """Write a small JPEG of a page. The page must be RGB."""
        small, written = page.copy(), BytesIO()
        small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), Image.Resampling.LANCZOS)
        small.save(written, "JPEG", quality=_PREVIEW_QUALITY)
        self.preview_sizes.append(self.previews.write(written.getvalue()))


def _parts(content: bytes) -> Iterator[bytes]:
    if len(content) <= SCANNED_BYTES:
        yield content
        return
    for start in range(0, len(content) - OVERLAP_BYTES, SCANNED_BYTES - OVERLAP_BYTES):
        yield content[start : start + SCANNED_BYTES]
