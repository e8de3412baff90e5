"""The streams of a PDF: decodes them for the scanner, and decides whether they may stay as they are."""

import zlib
from collections.abc import Iterator

from pikepdf import Array, Name, Object, Pdf, PdfError, Stream, settings

from mypolis.foundation.files.cleaning.child.jpeg_segments import without_metadata
from mypolis.foundation.files.cleaning.child.outputs import Outputs
from mypolis.foundation.files.cleaning.child.refused import RefusedError
from mypolis.foundation.files.cleaning.limits import MOST_DECODED_BYTES, MOST_OBJECTS, MOST_STREAM_BYTES

_FLATE = ("/FlateDecode", "/Fl")
_PLAIN = frozenset({"/FlateDecode", "/LZWDecode", "/ASCII85Decode", "/ASCIIHexDecode", "/RunLengthDecode"})
_JPEG = frozenset({"/DCTDecode", "/DCT"})


def limit_decoding() -> None:
    """Set the library's limits for this process."""
    settings.set_qpdf_limits(
        parser_max_nesting=100,
        parser_max_container_size=200_000,
        max_stream_filters=10,
        flate_max_memory=MOST_STREAM_BYTES,
        png_max_memory=MOST_STREAM_BYTES,
        tiff_max_memory=MOST_STREAM_BYTES,
        run_length_max_memory=MOST_STREAM_BYTES,
        doc_max_warnings=1_000,
    )


def show_streams(pdf: Pdf, outputs: Outputs) -> None:
    """Hand over every stream, decoded, for scanning. Raises RefusedError if they are too large."""
    decoded_bytes = 0
    for stream in _streams(pdf):
        content = _decoded(stream)
        decoded_bytes += len(content)
        if decoded_bytes > MOST_DECODED_BYTES or len(content) > MOST_STREAM_BYTES:
            raise RefusedError("too_complex")
        outputs.show_stream(content)


def can_stay(pdf: Pdf) -> bool:
    """Whether every stream has a coding that we can check; JPEGs lose their metadata here.

    If not, for example with JBIG2 or JPEG 2000, whose decoders were attacked more than once, the pages are to be drawn.
    """
    return all(_is_checked(stream) for stream in _streams(pdf))


def _streams(pdf: Pdf) -> Iterator[Stream]:
    if len(pdf.objects) > MOST_OBJECTS:
        raise RefusedError("too_complex")
    return (thing for thing in pdf.objects if isinstance(thing, Stream))


def _is_checked(stream: Stream) -> bool:
    filters = _filters(stream)
    if len(filters) == 1 and filters[0] in _JPEG:
        try:
            stream.write(without_metadata(stream.read_raw_bytes()), filter=Name.DCTDecode)
        except ValueError:
            return False
        return True
    if not _PLAIN.issuperset(filters):
        return False
    try:
        stream.read_bytes()
    except PdfError:
        return False
    return True


def _decoded(stream: Stream) -> bytes:
    """The contents, decoded as far as they can be. Raises RefusedError."""
    before = settings.qpdf_limit_errors()
    try:
        return stream.read_bytes()
    except PdfError:
        if settings.qpdf_limit_errors() > before:
            raise RefusedError("too_complex") from None
    return _inflated(stream.read_raw_bytes(), _filters(stream))


def _inflated(content: bytes, filters: list[str]) -> bytes:
    """The contents after the leading Flate filters, for example of a compressed JPEG; as they are if that fails."""
    for name in filters:
        if name not in _FLATE:
            break
        inflater = zlib.decompressobj()
        try:
            inflated = inflater.decompress(content, MOST_STREAM_BYTES)
        except zlib.error:
            break
        if inflater.unconsumed_tail:
            raise RefusedError("too_complex")
        content = inflated
    return content


def _filters(stream: Stream) -> list[str]:
    named: Object | None = stream.get(Name.Filter)
    if named is None:
        return []
    return [str(one) for one in named] if isinstance(named, Array) else [str(named)]
