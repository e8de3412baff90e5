"""Makes PDFs from Typst templates and values. They are tagged for screen readers and use our own font."""

import json
import threading
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from typst import Compiler, TypstError

from mypolis.foundation.lib.documents.font_coverage import drawable, is_plain

PACKAGE = Path(__file__).resolve().parents[3]
FONT = "Source Sans Pro"
# Ours, and the scripts that neither it nor Typst's own fonts can write; Typst takes the first font that has a letter.
FONTS = (("font_source_sans_pro", "files"), ("fontpkg_noto_sans_thai", "files"), ("noto_cjk_sans_jp_regular", ""))
_ACCESSIBLE: dict[str, Any] = {"format": "pdf", "pdf_standards": ["ua-1"]}  # refuses text that no font can draw
_PROBE = f'#set document(title: "-")\n#set text(lang: "en", font: "{FONT}")\n#sys.inputs.text'.encode()
_one_at_a_time = threading.Lock()  # a compiler lets in one thread only


def make_pdf(template: str, values: Mapping[str, Any]) -> bytes:
    """The PDF of a template, named by its path in the package ("insurance/ecard/pdf/card.typ"), as PDF/UA-1.

    `values` is JSON data; the template reads it with `json(bytes(sys.inputs.values))` and must set the title and the
    language. Characters that our font lacks come from another font for their script, or become a box. Raises
    `typst.TypstError` if the template is wrong, but never because of a value's text.
    """
    try:
        return _compile(template, drawable(values, _can_draw), **_ACCESSIBLE)[0]
    except TypstError:  # clusters that can be drawn alone and not together: unknown, but no reason to have no document
        return _compile(template, drawable(values, is_plain), **_ACCESSIBLE)[0]


def _compile(template: str, values: Mapping[str, Any], **options: Any) -> list[bytes]:
    inputs = {"values": json.dumps(values, ensure_ascii=False)}
    with _one_at_a_time:
        made = _compiler().compile(PACKAGE / template, sys_inputs=inputs, **options)
    return made if isinstance(made, list) else [made or b""]


@lru_cache(maxsize=10_000)
def _can_draw(cluster: str) -> bool:
    """Whether some font has it: asks the compiler (1 ms), which alone knows the fonts that it brings."""
    try:
        with _one_at_a_time:
            _compiler().compile(_PROBE, sys_inputs={"text": cluster}, **_ACCESSIBLE)
    except TypstError:
        return False
    return True


@cache
def _compiler() -> Compiler:
    """Create the compiler on first use, in the process that uses it, because its threads do not survive a fork."""
    fonts = [Path(str(files(package))) / folder for package, folder in FONTS]
    return Compiler(root=PACKAGE, font_paths=fonts, ignore_system_fonts=True)
