"""The limits of what we clean. A file that needs more is refused. The program that cleans reads them too."""

from typing import Final

MEMORY_BYTES: Final = 1 << 30
"""Address space of the program. A picture of 60 million pixels needs half of it."""
PROCESSOR_SECONDS: Final = 20
SILENT_SECONDS: Final = 600
"""If the program says nothing for so long, the machine is overloaded: the file is cleaned later."""

MOST_PIXELS: Final = 60_000_000
MOST_PIXELS_OF_WEBP: Final = 25_000_000
"""Decoding WebP takes 16 bytes for each pixel."""
LONGEST_SIDE: Final = 3_000
PREVIEW_SIDE: Final = 1_000

MOST_PAGES: Final = 50
MOST_OBJECTS: Final = 50_000
MOST_STREAM_BYTES: Final = 128 << 20
"""Of one decoded stream of a PDF: a page of colour at 600 dots per inch has 100 million bytes."""
MOST_DECODED_BYTES: Final = 512 << 20
"""Of all decoded streams of a PDF together."""
MOST_CLEANED_BYTES: Final = 64 << 20

SCANNED_BYTES: Final = 16 << 20
"""A longer decoded stream is scanned in parts of this size."""
OVERLAP_BYTES: Final = 64 << 10
"""So many bytes at the end of a part are repeated in the next."""
