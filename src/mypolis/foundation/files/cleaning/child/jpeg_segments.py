"""Removes from a JPEG what is not needed to draw it, without decoding it."""

_START_OF_SCAN = 0xDA
_END = b"\xff\xd9"
_COMMENT = 0xFE
_APPLICATION = range(0xE0, 0xF0)
_NEEDED = frozenset({0xE0, 0xEE})  # JFIF, and Adobe's, which says how colours are stored
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})


def without_metadata(jpeg: bytes) -> bytes:
    """The JPEG without EXIF, comments, profiles, and what follows its end. Raises ValueError if it is none."""
    if jpeg[:2] != b"\xff\xd8":
        raise ValueError("no JPEG")
    kept, at = [jpeg[:2]], 2
    while True:
        marker, end = _segment(jpeg, at)
        if marker == _START_OF_SCAN:
            last = jpeg.rfind(_END, at)
            if last < 0:
                raise ValueError("no end")
            return b"".join((*kept, jpeg[at : last + 2]))
        is_metadata = marker == _COMMENT or (marker in _APPLICATION and marker not in _NEEDED)
        if not is_metadata:
            kept.append(jpeg[at:end])
        at = end


def _segment(jpeg: bytes, at: int) -> tuple[int, int]:
    """The marker at this place, and where its segment ends. Raises ValueError."""
    if jpeg[at : at + 1] != b"\xff" or at + 4 > len(jpeg):
        raise ValueError("no marker")
    marker = jpeg[at + 1]
    if marker == 0xFF:  # a fill byte
        return marker, at + 1
    if marker in _WITHOUT_LENGTH:
        return marker, at + 2
    return marker, at + 2 + max(2, int.from_bytes(jpeg[at + 2 : at + 4]))
