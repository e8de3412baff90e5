"""What a picture's own notes say about how it was made: one coarse word leaves this program, the rest is dropped."""

from datetime import datetime, timedelta
from typing import Final

from PIL import Image
from PIL.ExifTags import IFD, Base

from mypolis.foundation.files.cleaning.reasons import Trace

_EDITORS: Final = (
    *("photoshop", "lightroom", "gimp", "pixelmator", "affinity", "paint.net", "paintshop", "krita"),
    *("snapseed", "picsart", "canva", "photopea", "facetune", "lightx", "photodirector", "polarr", "pixlr"),
)
"""Programs whose purpose is to edit pictures, as they name themselves. Phones write a version there instead."""
_AT_ONCE: Final = timedelta(minutes=2)
"""How long a phone may need to save a photo."""


def trace_of(picture: Image.Image) -> Trace:
    """Whether an editor saved the picture last, or it says that it changed after it was taken; empty if neither."""
    try:
        notes = picture.getexif()
        software = str(notes.get(Base.Software, "")).casefold()
        if any(name in software for name in _EDITORS):
            return "editor"
        taken, saved = _time(notes.get_ifd(IFD.Exif).get(Base.DateTimeOriginal)), _time(notes.get(Base.DateTime))
    except Exception:  # notes of strangers' files may be anything; a picture without readable notes has no trace
        return ""
    return "saved_later" if taken and saved and saved - taken > _AT_ONCE else ""


def _time(written: object) -> datetime | None:
    """A time as EXIF writes it; None for anything else, such as the zeros of a camera without a clock."""
    try:
        return datetime.strptime(str(written).strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - both without a zone
    except ValueError:
        return None
