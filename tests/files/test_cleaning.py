"""Pictures and PDFs from strangers are stored only as we wrote them ourselves; everything else is refused."""

import re
import resource
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise

import pikepdf
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image, ImageStat

from mypolis.foundation.files.cleaning.child import __main__ as program
from mypolis.foundation.files.cleaning.limits import MEMORY_BYTES, MOST_PAGES
from mypolis.foundation.files.cleaning.reasons import REASONS
from mypolis.foundation.files.cleaning.refusal_texts import refusal_text
from mypolis.foundation.files.scanning.standin import EICAR, StandIn
from tests.effort import examples
from tests.files.clamd import Gate
from tests.files.cleaned import cleaned, streams_found_by
from tests.files.good_files import document, heic, picture
from tests.files.malicious import KINDS, MARK, Kind

PLACE = b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"

# The sixty kinds


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_malicious_file_is_refused_or_written_anew(kind: Kind) -> None:
    content = kind.make()
    result = cleaned(content)
    assert (result.reason or "cleaned") == kind.expected
    assert most_memory() < MEMORY_BYTES
    if result.reason is None:
        assert not holds(result.content, MARK, EICAR)
        assert all(Image.open(BytesIO(preview)).format == "JPEG" for preview in result.previews)
        assert len(result.previews) == result.pages


def most_memory() -> int:
    """The most memory, in bytes, that any of our child processes had until now."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


def holds(content: bytes, *marks: bytes) -> bool:
    """Whether one of the marks is somewhere in the contents, also in a stream or text of a PDF."""
    seen = [content]
    if content.startswith(b"%PDF"):
        with pikepdf.open(BytesIO(content)) as pdf:
            seen += [thing.unparse(resolved=False) for thing in pdf.objects if not isinstance(thing, Stream)]
            seen += [thing.read_bytes() for thing in pdf.objects if can_be_read(thing)]
    return any(mark in part for mark in marks for part in seen)


def can_be_read(thing: object) -> bool:
    return isinstance(thing, Stream) and thing.get(Name.Filter) != Name.DCTDecode


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.found], ids=str)
def test_a_real_scanner_finds_the_signature_outside_or_inside(gate: Gate, kind: Kind) -> None:
    content, scanner = kind.make(), gate.scanner()
    assert scanner.scan([content]).result == "infected" or streams_found_by(scanner, content)


def test_only_the_decoded_streams_show_what_is_attached(gate: Gate) -> None:
    (attached,) = (kind for kind in KINDS if kind.name == "eicar attached")
    content, scanner = attached.make(), gate.scanner()
    assert scanner.scan([content]).result == "clean", "if clamd finds it now, the tests need another example"
    assert streams_found_by(scanner, content) == 1


# Pictures


def turned(orientation: int, kind: str = "JPEG") -> bytes:
    """A picture as a phone makes it: red above and white below when upright, stored as `orientation` says."""
    upright = Image.new("RGB", (60, 80), "white")
    upright.paste("red", (0, 0, 60, 40))
    undo = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
    stored = upright.transpose(undo[orientation]) if orientation in undo else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif.get_ifd(0x8825)[1] = "N"  # GPS: the northern half
    exif[0x010F] = "Phone"
    written = BytesIO()
    stored.save(written, kind, exif=exif)
    return written.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_picture_is_upright_and_says_nothing_about_its_place(orientation: int, kind: str) -> None:
    result = cleaned(turned(orientation, kind)).picture()
    assert result.size == (60, 80)
    assert is_red(result.getpixel((30, 10)))
    assert not is_red(result.getpixel((30, 70)))
    assert not result.getexif()
    assert {"comment", "exif", "icc_profile", "xmp"}.isdisjoint(result.info)


def is_red(colour: object) -> bool:
    red, green, _blue = colour  # type: ignore[misc]
    return bool(red > 200 and green < 100)


def test_a_heic_that_its_decoder_turned_is_not_turned_again() -> None:
    content = heic_turned_by_its_box()
    assert pillow_heif.open_heif(content).size == (96, 128), "the decoder turns it"
    assert cleaned(content).picture().size == (96, 128)


def heic_turned_by_its_box() -> bytes:
    """A HEIC with an `irot` box, as phones write it. Its encoder here writes none, so this adds the box by hand."""
    content = heic((128, 96))
    ipco = content.index(b"ipco") - 4
    ipma = content.index(b"ipma") - 4
    properties = struct.unpack_from(">I", content, ipco)[0]
    count = len(list(boxes(content[ipco + 8 : ipco + properties])))
    turn = struct.pack(">I4sB", 9, b"irot", 1)
    old_ipma = content[ipma : ipma + struct.unpack_from(">I", content, ipma)[0]]
    # Version 0, one item: the number of its properties is followed by one byte for each.
    new_ipma = bytearray(old_ipma + bytes([0x80 | (count + 1)]))
    new_ipma[18] += 1
    struct.pack_into(">I", new_ipma, 0, len(new_ipma))
    changed = content[:ipco] + content[ipco : ipco + properties] + turn + bytes(new_ipma)
    changed += content[ipma + len(old_ipma) :]
    return with_sizes(changed, ipco, len(turn), len(turn) + 1)


def boxes(content: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(content):
        size = struct.unpack_from(">I", content, at)[0]
        yield content[at : at + size]
        at += size


def with_sizes(content: bytes, ipco: int, in_ipco: int, in_meta: int) -> bytes:
    """Correct the sizes of the boxes around, and the place of the picture's data in `iloc`."""
    changed = bytearray(content)
    for at, more in ((ipco, in_ipco), (content.index(b"iprp") - 4, in_meta), (content.index(b"meta") - 4, in_meta)):
        struct.pack_into(">I", changed, at, struct.unpack_from(">I", changed, at)[0] + more)
    iloc = content.index(b"iloc") - 4
    end = iloc + struct.unpack_from(">I", content, iloc)[0]
    old_place = content.index(b"mdat") + 4 - in_meta
    at = content.index(struct.pack(">I", old_place), iloc, end)
    struct.pack_into(">I", changed, at, old_place + in_meta)
    return bytes(changed)


def test_a_heic_of_our_encoder_is_taken() -> None:
    assert cleaned(heic((200, 100))).picture().size == (200, 100)


@pytest.mark.parametrize("size", [(6000, 400), (400, 6000), (9000, 2)])
def test_a_large_picture_is_shrunk_in_proportion(size: tuple[int, int]) -> None:
    result = cleaned(picture(size, "PNG")).picture()
    assert max(result.size) == 3000
    assert result.size[0] * size[1] == pytest.approx(result.size[1] * size[0], rel=0.5)


def test_a_small_picture_keeps_its_size() -> None:
    assert cleaned(picture((1, 1))).picture().size == (1, 1)


def test_what_is_transparent_becomes_white() -> None:
    written = BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(written, "PNG")
    assert cleaned(written.getvalue()).picture().getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_png_of_any_mode_looks_the_same(mode: str) -> None:
    written = BytesIO()
    middle = 128 * 257 if mode == "I;16" else (128, 255) if mode == "LA" else None
    drawn = Image.new(mode, (8, 8), middle) if middle else Image.new("RGB", (8, 8), (128, 128, 128)).convert(mode)
    drawn.save(written, "PNG")
    (mean,) = ImageStat.Stat(cleaned(written.getvalue()).picture().convert("L")).mean
    assert mean == pytest.approx(128, abs=4)


def test_a_picture_of_four_inks_keeps_its_colours() -> None:
    written = BytesIO()
    Image.new("RGB", (16, 16), "red").convert("CMYK").save(written, "JPEG")
    assert is_red(cleaned(written.getvalue()).picture().getpixel((8, 8)))


GOOD_PICTURES = [picture(), picture(kind="PNG"), picture(kind="WEBP"), heic()]


@given(st.binary(max_size=400), st.sampled_from(GOOD_PICTURES), st.data())
@settings(max_examples=examples(60, quick=6), deadline=None)
def test_changed_bytes_in_a_picture_end_in_a_picture_or_a_reason(
    noise: bytes, good: bytes, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(good)))
    result = cleaned(good[:at] + noise + good[at + len(noise) :])
    assert result.reason in REASONS or result.picture().size


# PDFs


def test_a_pdf_shows_the_same_as_before() -> None:
    result = cleaned(document(pages=3))
    assert (result.media_type, result.pages, len(result.previews)) == ("application/pdf", 3, 3)
    with pikepdf.open(BytesIO(result.content)) as pdf:
        assert b"(Receipt) Tj" in pdf.pages[2].Contents.read_bytes()


def test_what_somebody_typed_into_a_form_stays_visible() -> None:
    def fill(pdf: Pdf) -> None:
        font = pdf.pages[0].Resources.Font.F1
        shown = Stream(pdf, b"BT /F1 12 Tf 2 2 Td (Typed) Tj ET", Type=Name.XObject, Subtype=Name.Form)
        shown.BBox, shown.Resources = Array([0, 0, 200, 20]), Dictionary(Font=Dictionary(F1=font))
        field = pdf.make_indirect(
            Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=pikepdf.String("a"), F=4)
        )
        field.Rect, field.V, field.AP = Array([50, 50, 250, 70]), pikepdf.String("Typed"), Dictionary(N=shown)
        pdf.pages[0].Annots = Array([field])
        pdf.Root.AcroForm = Dictionary(Fields=Array([field]))

    result = cleaned(document(fill))
    assert holds(result.content, b"(Typed) Tj")
    assert not holds(result.content, b"AcroForm", b"Annots")


def test_a_photo_in_a_pdf_loses_the_place_where_it_was_taken() -> None:
    photo = turned(1)
    assert b"Exif" in photo

    def place(pdf: Pdf) -> None:
        image = Stream(pdf, photo, Type=Name.XObject, Subtype=Name.Image, Width=60, Height=80, BitsPerComponent=8)
        image.ColorSpace, image.Filter = Name.DeviceRGB, Name.DCTDecode
        pdf.pages[0].Resources.XObject = Dictionary(I=image)
        pdf.pages[0].Contents = Stream(pdf, b"60 0 0 80 0 0 cm /I Do")

    result = cleaned(document(place))
    assert b"Exif" not in result.content
    with pikepdf.open(BytesIO(result.content)) as pdf:
        assert pikepdf.PdfImage(pdf.pages[0].Resources.XObject.I).as_pil_image().size == (60, 80)


def test_a_pdf_of_the_most_pages_is_taken_and_of_one_more_is_not() -> None:
    assert cleaned(document(pages=MOST_PAGES)).pages == MOST_PAGES
    assert cleaned(document(pages=MOST_PAGES + 1)).reason == "too_many_pages"


def test_the_same_pdf_is_cleaned_to_the_same_bytes() -> None:
    content = document(pages=2)
    assert cleaned(content).content == cleaned(content).content


def test_a_long_stream_is_scanned_to_its_end() -> None:
    def add(pdf: Pdf) -> None:
        pdf.Root.Evil = Stream(pdf, bytes(16 << 20) + EICAR)

    assert streams_found_by(StandIn(), document(add)) == 1


def test_a_signature_across_two_parts_of_a_long_stream_is_found() -> None:
    def add(pdf: Pdf) -> None:
        pdf.Root.Evil = Stream(pdf, bytes((16 << 20) - 30) + EICAR + bytes(1 << 20))

    assert streams_found_by(StandIn(), document(add)) == 1


def test_an_error_while_a_stream_is_scanned_ends_the_cleaning() -> None:
    def look(_stream: object) -> None:
        raise LookupError("found")

    with pytest.raises(LookupError, match="found"):
        cleaned(document(), look=look)


@given(st.binary(min_size=1, max_size=60), st.data())
@settings(max_examples=examples(60, quick=6), deadline=None)
def test_a_pdf_with_changed_bytes_ends_in_a_pdf_or_a_reason(noise: bytes, data: st.DataObject) -> None:
    good = document()
    at = data.draw(st.integers(0, len(good)))
    result = cleaned(good[:at] + noise + good[at + len(noise) :])
    assert result.reason in REASONS or result.content.startswith(b"%PDF-")


@pytest.mark.long
@pytest.mark.parametrize(("kind", "side"), [("JPEG", 7700), ("PNG", 7700), ("WEBP", 5000)])
def test_the_largest_picture_fits_into_the_memory(kind: str, side: int) -> None:
    assert cleaned(picture((side, side), kind)).reason is None
    assert cleaned(picture((side, side + 100), kind)).reason == "too_many_pixels"


def test_every_reason_has_a_text_that_is_a_sentence() -> None:
    assert all(re.fullmatch(r"[A-Z].*\.", refusal_text(reason)) for reason in REASONS)
    texts = sorted(map(refusal_text, REASONS))
    assert all(one != other for one, other in pairwise(texts))


def test_the_decoder_decides_and_not_the_first_bytes() -> None:
    for head in (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"\0\0\0\x18ftypheic"):
        assert program._looks_like_picture(head)
        assert cleaned(head + zlib.compress(b"x") * 50).reason == "damaged"
