"""Removes from a PDF what is not needed to draw its pages."""

from collections.abc import Iterator

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

# What the catalogue, a page and the trailer may keep. Everything else goes, whatever it is called: scripts, actions,
# attachments, forms, XFA, names, outlines, metadata, thumbnails and private data of programs.
_OF_CATALOGUE = frozenset({"/Type", "/Pages", "/OCProperties"})
_OF_PAGE_TREE = frozenset({"/Type", "/Kids", "/Count", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/Rotate"})
_OF_PAGE = frozenset(
    {"/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Contents", "/Group"}
)
_OF_TRAILER = frozenset({"/Root", "/Size"})
# Keys that a resource may have and that lead out of the document, or into a file inside it.
_NOWHERE = frozenset(
    {"/AA", "/AF", "/Alternates", "/EF", "/JS", "/Metadata", "/OPI", "/OpenAction", "/PieceInfo", "/Ref", "/XFA"}
)
_EXTERNAL_CONTENT = frozenset({"/F", "/FFilter", "/FDecodeParms"})
_NO_PARTS_OF_A_PAGE = frozenset({"/Action", "/EmbeddedFile", "/Filespec"})


def remove_all_but_pages(pdf: Pdf) -> None:
    """Draw the annotations that are visible into their pages, and keep nothing else than pages. Raises PdfError."""
    pdf.generate_appearance_streams()
    pdf.flatten_annotations("screen")
    _keep(pdf.trailer, _OF_TRAILER)
    _keep(pdf.Root, _OF_CATALOGUE)
    for page in pdf.pages:
        _keep(page.obj, _OF_PAGE)
    for thing in pdf.objects:
        if isinstance(thing, Dictionary) and thing.get(Name.Type) == Name.Pages:
            _keep(thing, _OF_PAGE_TREE)
        for part in _dictionaries(thing):
            _remove_ways_out(part)


def _keep(thing: Object, wanted: frozenset[str]) -> None:
    for key in set(thing.keys()) - wanted - {"/Length"}:  # a stream cannot be without a length
        del thing[key]


def _remove_ways_out(part: Object) -> None:
    if part.get(Name.Type) in _NO_PARTS_OF_A_PAGE:
        if isinstance(part, Stream):
            part.write(b"")
        _keep(part, frozenset())
        return
    unwanted = _NOWHERE | _EXTERNAL_CONTENT if isinstance(part, Stream) else _NOWHERE
    for key in unwanted.intersection(part.keys()):
        del part[key]


def _dictionaries(thing: Object) -> Iterator[Object]:
    """The dictionaries and streams in an object, without those in other objects that it refers to."""
    waiting = [thing]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Array):
            inside = list(part)
        elif isinstance(part, Dictionary | Stream):
            yield part
            inside = [value for _key, value in part.items()]
        else:
            continue
        waiting += [one for one in inside if isinstance(one, Object) and not one.is_indirect]
