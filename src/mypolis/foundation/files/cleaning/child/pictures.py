"""Cleans pictures: decodes them, turns them upright, shrinks them, and writes nothing but their pixels as a JPEG."""

import warnings
from typing import BinaryIO

import pillow_heif
from PIL import Image, ImageOps

from mypolis.foundation.files.cleaning.child.outputs import Outputs
from mypolis.foundation.files.cleaning.child.qr_codes import texts_of
from mypolis.foundation.files.cleaning.child.refused import RefusedError
from mypolis.foundation.files.cleaning.child.traces import trace_of
from mypolis.foundation.files.cleaning.limits import LONGEST_SIDE, MOST_PIXELS, MOST_PIXELS_OF_WEBP
from mypolis.foundation.files.cleaning.reasons import Trace

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
QUALITY = 85


def clean_picture(file: BinaryIO, outputs: Outputs) -> dict[str, object]:
    """Write the cleaned picture and its preview; return the result. Raises RefusedError."""
    upright, trace = _decoded(file)
    small = _shrunk(upright)
    codes = texts_of(upright, small) if small is not upright else texts_of(upright)
    del upright
    bare = Image.frombytes(small.mode, small.size, small.tobytes())  # no comment, profile or EXIF comes along
    bare.save(outputs.cleaned, "JPEG", quality=QUALITY)
    outputs.add_preview(bare)
    result: dict[str, object] = {"media_type": "image/jpeg", "pages": 1, "previews": outputs.preview_sizes}
    return result | {"codes": codes, "trace": trace}


def _decoded(file: BinaryIO) -> tuple[Image.Image, Trace]:
    """The pixels, upright and in RGB, and the trace of editing in the picture's notes. Raises RefusedError."""
    pillow_heif.register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(file, formats=FORMATS) as picture:
            most = MOST_PIXELS_OF_WEBP if picture.format == "WEBP" else MOST_PIXELS
            if picture.width * picture.height > most:
                raise RefusedError("too_many_pixels")
            picture.load()
            trace = trace_of(picture)
            # A HEIC is upright when it is decoded, and then says so: it is not turned a second time.
            return _in_rgb(ImageOps.exif_transpose(picture)), trace
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise RefusedError("too_many_pixels") from None


def _in_rgb(picture: Image.Image) -> Image.Image:
    """The picture in RGB; what is transparent becomes white."""
    if picture.mode.startswith("I"):  # grey with 16 bits, which `convert` would cut off and not divide
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(white, picture).convert("RGB")
    return picture.convert("RGB")


def _shrunk(picture: Image.Image) -> Image.Image:
    """The picture itself, or a copy whose longer side is the longest that we store."""
    longer = max(picture.size)
    if longer <= LONGEST_SIDE:
        return picture
    width, height = (max(1, round(side * LONGEST_SIDE / longer)) for side in picture.size)
    return picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
