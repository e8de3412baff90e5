"""Sixty kinds of files that nobody should ever get from us as they came. Python makes all of them.

`KINDS` has each with what we expect: a reason to refuse it, or "cleaned" if it is stored, but only written anew. Where
a kind has several variants, each is a row of its own with the kind's number.
"""

import base64
import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image, PngImagePlugin

from mypolis.foundation.files.cleaning.reasons import Reason
from mypolis.foundation.files.scanning.standin import EICAR
from tests.files.good_files import document, heic, picture, zipped

MARK = b"3vil-Mark-7731"
"""In every kind where something could hide: it must not be in what we store."""

type Expected = Reason | Literal["cleaned"]


@dataclass(frozen=True)
class Kind:
    """A kind of malicious file. `found` is whether a scanner that knows EICAR is to find it."""

    number: int
    name: str
    make: Callable[[], bytes]
    expected: Expected
    found: bool = False

    def __str__(self) -> str:
        return f"{self.number:02}-{self.name}"


# 1 to 14: a signature


def _zip_in_zip() -> bytes:
    content = EICAR
    for depth in range(12):
        content = zipped(content, f"{depth}.zip")
    return content


def _docx() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
        archive.writestr("word/vbaProject.bin", EICAR)
    return written.getvalue()


def _pdf_with_stream(content: bytes, *filters: Name) -> bytes:
    def add(pdf: Pdf) -> None:
        pdf.Root.Evil = Stream(pdf, content, Filter=Array(list(filters))) if filters else Stream(pdf, content)

    return document(add, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def _attached(pdf: Pdf) -> None:
    pdf.attachments["eicar.com"] = pikepdf.AttachedFileSpec(pdf, EICAR)


def _png_with_text(content: bytes) -> bytes:
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", content.decode("latin-1"))
    return picture(kind="PNG", pnginfo=text)


def _jpeg_with_exif(content: bytes) -> bytes:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0" + content
    return picture(exif=exif)


# 15 to 32: a wrong type


def _svg() -> bytes:
    return b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def _mp4_as_heic() -> bytes:
    box = struct.pack(">I4s4sI4s", 20, b"ftyp", b"heic", 0, b"heic")
    return box + struct.pack(">I4s", 8 + 4096, b"mdat") + bytes(4096)


_XML = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
_EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n(/etc/passwd) (r) file\n%%EOF\n"
_PSD = b"8BPS\0\1" + bytes(6) + struct.pack(">HIIHH", 3, 10, 10, 8, 3) + bytes(12) + bytes(2 + 300)

# 33 to 39: two types at once


def _gifar() -> bytes:
    return picture(kind="GIF") + zipped(MARK, "Evil.class")


def _png_with_php() -> bytes:
    return _png((8, 8), 8, 2, zlib.compress((b"\0" + b"<?php " + MARK + b"    ") * 8))


def _html_and_pdf() -> bytes:
    return b"<html><script>/*" + MARK + b"*/</script>" + document() + b"</html>"


# 40 to 54: bombs


def _png(size: tuple[int, int], depth: int, colour: int, data: bytes, *more: tuple[bytes, bytes]) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, 0))
    extra = b"".join(chunk(*one) for one in more)
    return b"\x89PNG\r\n\x1a\n" + head + extra + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def _deflated_zeros(megabytes: int) -> bytes:
    squeezer = zlib.compressobj(9)
    return b"".join(squeezer.compress(bytes(1 << 20)) for _each in range(megabytes)) + squeezer.flush()


def _jpeg_of_65535() -> bytes:
    jpeg = bytearray(picture())
    at = jpeg.index(b"\xff\xc0")
    jpeg[at + 5 : at + 9] = struct.pack(">HH", 65_535, 65_535)
    return bytes(jpeg)


def _webp_of_16383() -> bytes:
    webp = bytearray(picture(kind="WEBP"))
    at = webp.index(b"\x9d\x01\x2a") + 3
    webp[at : at + 4] = struct.pack("<HH", 16_383, 16_383)
    return bytes(webp)


def _heic_of_10000_tiles() -> bytes:
    content = bytearray(heic())
    at = content.find(b"ispe")
    while at >= 0:
        content[at + 8 : at + 16] = struct.pack(">II", 51_200, 51_200)
        at = content.find(b"ispe", at + 4)
    return bytes(content)


def _apng() -> bytes:
    frames = [Image.new("RGB", (16, 16), (number % 256, 0, 0)) for number in range(1_000)]
    written = io.BytesIO()
    frames[0].save(written, "PNG", save_all=True, append_images=frames[1:])
    return written.getvalue()


def _flate_bomb(times: int, megabytes: int) -> bytes:
    content = _deflated_zeros(megabytes)
    for _layer in range(times - 1):
        content = zlib.compress(content, 9)
    return _pdf_with_stream(content, *[Name.FlateDecode] * times)


def _draws_itself(pdf: Pdf) -> None:
    form = pdf.make_indirect(
        Stream(pdf, b"/Self Do /Self Do", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 100, 100]))
    )
    form.Resources = Dictionary(XObject=Dictionary(Self=form))
    page = pdf.pages[0]
    page.Resources.XObject = Dictionary(Self=form)
    page.Contents = Stream(pdf, b"/Self Do")


def _raw_pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    written, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"trailer\n<< /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(written)


_CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
_CYCLIC = (_CATALOGUE, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>")
_COUNTED = (
    _CATALOGUE,
    b"<< /Type /Pages /Kids [3 0 R] /Count 2147483647 >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
)


def _image_of_garbage(filter_name: str) -> Callable[[Pdf], None]:
    def add(pdf: Pdf) -> None:
        shape = {"Width": 100, "Height": 100, "BitsPerComponent": 1, "ColorSpace": Name.DeviceGray}
        image = Stream(pdf, MARK * 200, Type=Name.XObject, Subtype=Name.Image, Filter=Name(filter_name), **shape)
        page = pdf.pages[0]
        page.Resources.XObject = Dictionary(I=image)
        page.Contents = Stream(pdf, b"100 0 0 100 0 0 cm /I Do")

    return add


# 55 to 59: active PDFs


def _javascript(pdf: Pdf) -> None:
    script = Dictionary(S=Name.JavaScript, JS=String("app.alert('" + MARK.decode() + "')"))
    pdf.Root.OpenAction = script
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script])))
    pdf.pages[0].AA = Dictionary(O=script)


def _actions(pdf: Pdf) -> None:
    mark = String(MARK.decode())
    actions = [
        Dictionary(S=Name.Launch, F=mark, Win=Dictionary(F=String("cmd.exe"), P=mark)),
        Dictionary(S=Name.GoToR, F=String(r"\\host\share" + MARK.decode())),
        Dictionary(S=Name.SubmitForm, F=mark),
        Dictionary(S=Name.URI, URI=String("javascript:" + MARK.decode())),
    ]
    rectangle = Array([0, 0, 100, 100])
    links = [Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=rectangle, A=action) for action in actions]
    pdf.pages[0].Annots = Array(links)
    pdf.Root.OpenAction = actions[0]


def _embedded(pdf: Pdf) -> None:
    pdf.attachments["evil.js"] = pikepdf.AttachedFileSpec(pdf, MARK, filename="evil.js")
    inside = pdf.make_indirect(Stream(pdf, MARK, Type=Name.EmbeddedFile))
    named = Dictionary(Type=Name.Filespec, F=String("evil.exe"), EF=Dictionary(F=inside))
    note = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 20, 20]), FS=named)
    pdf.pages[0].Annots = Array([note])
    pdf.pages[0].Resources.Hidden = Dictionary(File=inside, Spec=named)


def _rich_media(pdf: Pdf) -> None:
    inside = pdf.make_indirect(Stream(pdf, MARK))
    rectangle = Array([0, 0, 20, 20])
    media = Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, Rect=rectangle, RichMediaContent=Dictionary(X=inside))
    action = Dictionary(S=Name.Rendition, JS=String(MARK.decode()))
    screen = Dictionary(Type=Name.Annot, Subtype=Name.Screen, Rect=rectangle, A=action)
    pdf.pages[0].Annots = Array([media, screen])
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=inside)


def _described(pdf: Pdf) -> None:
    pdf.docinfo["/Author"] = MARK.decode()
    with pdf.open_metadata() as metadata:
        metadata["dc:title"] = MARK.decode()


# 60: broken


def _wrong_crc() -> bytes:
    png = bytearray(picture(kind="PNG"))
    at = png.index(b"IDAT")
    png[at + 10] ^= 0xFF
    return bytes(png)


_SIGNED = (
    Kind(1, "eicar", lambda: EICAR, "not_a_picture_or_pdf", found=True),
    Kind(2, "eicar and 200 bytes", lambda: EICAR + b" " * 200, "not_a_picture_or_pdf", found=True),
    Kind(3, "eicar in a zip", lambda: zipped(EICAR), "not_a_picture_or_pdf", found=True),
    Kind(4, "eicar stored", lambda: zipped(EICAR, method=zipfile.ZIP_STORED), "not_a_picture_or_pdf", found=True),
    Kind(5, "zip in zip, 12 times", _zip_in_zip, "not_a_picture_or_pdf", found=True),
    Kind(6, "gzip", lambda: gzip.compress(EICAR), "not_a_picture_or_pdf", found=True),
    Kind(7, "docx", _docx, "not_a_picture_or_pdf", found=True),
    Kind(8, "eicar after a jpeg", lambda: picture() + EICAR, "cleaned", found=True),
    Kind(9, "eicar as a stream", lambda: _pdf_with_stream(EICAR), "cleaned", found=True),
    Kind(10, "eicar attached", lambda: document(_attached), "cleaned", found=True),
    Kind(11, "eicar in a png's text", lambda: _png_with_text(EICAR), "cleaned", found=True),
    Kind(12, "eicar in a jpeg's comment", lambda: picture(comment=EICAR), "cleaned", found=True),
    Kind(13, "eicar in exif", lambda: _jpeg_with_exif(EICAR), "cleaned", found=True),
    Kind(14, "eicar in base64", lambda: base64.b64encode(EICAR), "not_a_picture_or_pdf"),
)
_WRONG = (
    Kind(15, "html", lambda: b"<html><script>alert(1)</script></html>", "not_a_picture_or_pdf"),
    Kind(16, "svg", _svg, "not_a_picture_or_pdf"),
    Kind(17, "svg with an xml head", lambda: b'<?xml version="1.0"?>' + _svg(), "not_a_picture_or_pdf"),
    Kind(18, "gif", lambda: picture(kind="GIF"), "not_a_picture_or_pdf"),
    Kind(19, "bmp", lambda: picture(kind="BMP"), "not_a_picture_or_pdf"),
    Kind(20, "tiff", lambda: picture(kind="TIFF"), "not_a_picture_or_pdf"),
    Kind(21, "eps", lambda: _EPS, "not_a_picture_or_pdf"),
    Kind(22, "ico", lambda: picture((32, 32), kind="ICO"), "not_a_picture_or_pdf"),
    Kind(23, "psd", lambda: _PSD, "not_a_picture_or_pdf"),
    Kind(24, "mp4 as heic", _mp4_as_heic, "damaged"),
    Kind(25, "elf", lambda: b"\x7fELF\x02\x01\x01" + bytes(500), "not_a_picture_or_pdf"),
    Kind(26, "mz", lambda: b"MZ" + bytes(500), "not_a_picture_or_pdf"),
    Kind(27, "shell script", lambda: b"#!/bin/sh\nrm -rf /\n", "not_a_picture_or_pdf"),
    Kind(28, "xml with entities", lambda: _XML, "not_a_picture_or_pdf"),
    Kind(29, "empty", lambda: b"", "empty"),
    Kind(30, "one byte", lambda: b"\xff", "not_a_picture_or_pdf"),
    Kind(31, "three bytes of a jpeg", lambda: b"\xff\xd8\xff", "damaged"),
    Kind(32, "header of a pdf", lambda: b"%PDF-", "damaged"),
)
_POLYGLOTS = (
    Kind(33, "jpeg and zip", lambda: picture() + zipped(MARK), "cleaned"),
    Kind(34, "jpeg with a script", lambda: picture(comment=b"<script>" + MARK + b"</script>"), "cleaned"),
    Kind(35, "pdf after 600 bytes of a jpeg", lambda: picture((400, 300))[:600] + document(), "damaged"),
    Kind(36, "pdf and zip", lambda: document() + zipped(MARK), "cleaned"),
    Kind(37, "gifar", _gifar, "not_a_picture_or_pdf"),
    Kind(38, "png with php in its pixels", _png_with_php, "cleaned"),
    Kind(39, "html and pdf", _html_and_pdf, "cleaned"),
)
_BOMBS = (
    Kind(40, "png of 10000 x 10000", lambda: _png((10_000,) * 2, 1, 0, _deflated_zeros(12)), "too_many_pixels"),
    Kind(41, "png of 2147483647", lambda: _png((2**31 - 1,) * 2, 8, 2, _deflated_zeros(1)), "too_many_pixels"),
    Kind(42, "jpeg of 65535 x 65535", _jpeg_of_65535, "too_many_pixels"),
    Kind(43, "webp of 16383 x 16383", _webp_of_16383, "too_many_pixels"),
    Kind(44, "heic of 10000 tiles", _heic_of_10000_tiles, "too_many_pixels"),
    Kind(
        45,
        "png with 1 GB of text",
        lambda: _png((1, 1), 8, 2, zlib.compress(bytes(4)), (b"zTXt", b"Comment\0\0" + _deflated_zeros(1024))),
        "damaged",
    ),
    Kind(46, "apng of 1000 pictures", _apng, "cleaned"),
    Kind(47, "pdf of 10000 pages", lambda: document(pages=10_000), "too_many_pages"),
    Kind(48, "pdf with 300 MB", lambda: _flate_bomb(1, 300), "too_complex"),
    Kind(49, "flate in flate", lambda: _flate_bomb(5, 300), "too_complex"),
    Kind(50, "page of 14400 points", lambda: document(lambda pdf: _resize(pdf, 14_400)), "cleaned"),
    Kind(51, "form that draws itself", lambda: document(_draws_itself), "too_complex"),
    Kind(52, "cyclic pages", lambda: _raw_pdf(*_CYCLIC), "damaged"),
    Kind(53, "2147483647 pages promised", lambda: _raw_pdf(*_COUNTED), "cleaned"),
    Kind(54, "jbig2 of garbage", lambda: document(_image_of_garbage("/JBIG2Decode")), "cleaned"),
    Kind(54, "jpx of garbage", lambda: document(_image_of_garbage("/JPXDecode")), "cleaned"),
    Kind(54, "dct of garbage", lambda: document(_image_of_garbage("/DCTDecode")), "cleaned"),
)


def _resize(pdf: Pdf, side: int) -> None:
    pdf.pages[0].MediaBox = Array([0, 0, side, side])


def _encrypted(user: str) -> bytes:
    return document(encryption=pikepdf.Encryption(user=user, owner="owner"))


_ACTIVE = (
    Kind(55, "javascript", lambda: document(_javascript), "cleaned"),
    Kind(56, "launch and other actions", lambda: document(_actions), "cleaned"),
    Kind(57, "embedded files", lambda: document(_embedded), "cleaned"),
    Kind(58, "rich media and xfa", lambda: document(_rich_media), "cleaned"),
    Kind(58, "author and title", lambda: document(_described), "cleaned"),
    Kind(59, "encrypted", lambda: _encrypted("secret"), "encrypted_pdf"),
    Kind(59, "encrypted, empty password", lambda: _encrypted(""), "encrypted_pdf"),
)
_BROKEN = (
    Kind(60, "half a jpeg", lambda: picture((400, 300))[:4000], "damaged"),
    Kind(60, "half a png", lambda: picture((400, 300), "PNG")[:700], "damaged"),
    Kind(60, "half a webp", lambda: picture((400, 300), "WEBP")[:400], "damaged"),
    Kind(60, "half a heic", lambda: heic()[:-200], "damaged"),
    Kind(60, "half a pdf", lambda: document()[:500], "damaged"),
    Kind(60, "wrong crc", _wrong_crc, "damaged"),
    Kind(60, "junk at the end", lambda: picture(kind="PNG") + MARK * 50, "cleaned"),
)
KINDS = (*_SIGNED, *_WRONG, *_POLYGLOTS, *_BOMBS, *_ACTIVE, *_BROKEN)

NAMES = (
    "../../etc/passwd",
    "a\0.pdf",
    "ы" * 300 + ".jpg",
    "invoice\u202egpj.exe",
    "=cmd|'/c calc'!A1.pdf",
    "CON.jpg",
    "",
    " . ",
    "a/b\\c:d.jpg",
    "x\r\nSet-Cookie: a=b.pdf",
)
"""Names that do harm in a path, a table, a header or a list of files."""
