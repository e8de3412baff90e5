"""Removes from a JPEG what is not needed to draw it, without decoding it."""

import re

_START_OF_SCAN = 0xDA
_END = 0xD9
_COMMENT = 0xFE
_APPLICATION = range(0xE0, 0xF0)
_NEEDED = frozenset({0xE0, 0xEE})  # JFIF, and Adobe's, which says how colours are stored
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8), _END})
# Within pixels, 00 after FF is a pixel's byte, D0 to D7 only divide them, and FF fills.
_MARKER_AFTER_PIXELS = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def without_metadata(jpeg: bytes) -> bytes:
    """The JPEG without EXIF, comments, profiles, and what follows its end. Raises ValueError if it is no JPEG.

    Some phones put a second picture, with data of its own about where it was taken, behind the end of the first.
    """
    if jpeg[:2] != b"\xff\xd8":
        raise ValueError("no JPEG")
    kept, at, has_pixels = [jpeg[:2]], 2, False
    while True:
        marker, end = _segment(jpeg, at)
        if marker == _END and has_pixels:
            return b"".join((*kept, jpeg[at:end]))
        if marker == _START_OF_SCAN:
            end, has_pixels = _end_of_pixels(jpeg, end), True
        is_metadata = marker == _COMMENT or (marker in _APPLICATION and marker not in _NEEDED)
        if not is_metadata:
            kept.append(jpeg[at:end])
        at = end


def _end_of_pixels(jpeg: bytes, at: int) -> int:
    """Where the next marker after the compressed pixels is. Raises ValueError."""
    found = _MARKER_AFTER_PIXELS.search(jpeg, at)
    if found is None:
        raise ValueError("no end")
    return found.start()


def _segment(jpeg: bytes, at: int) -> tuple[int, int]:
    """The marker at this place, and where its segment ends. Raises ValueError."""
    if jpeg[at : at + 1] != b"\xff" or at + 2 > len(jpeg):
        raise ValueError("no marker")
    marker = jpeg[at + 1]
    if marker == 0xFF:  # a fill byte
        return marker, at + 1
    if marker in _WITHOUT_LENGTH:
        return marker, at + 2
    length = int.from_bytes(jpeg[at + 2 : at + 4])
    if length < 2 or at + 2 + length > len(jpeg):  # its own two bytes count, too
        raise ValueError("a segment that is too short or too long")
    return marker, at + 2 + length
