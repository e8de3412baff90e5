"""PDFs: a Typst template with values in it, tagged so that they can be read aloud, with letters of our own font."""

import json
import threading
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from typst import Compiler

PACKAGE = Path(__file__).resolve().parent.parent
_one_at_a_time = threading.Lock()  # a compiler lets in one thread only


def make_pdf(template: str, values: Mapping[str, Any]) -> bytes:
    """The PDF of a template, named by its path in the package ("ecard/pdf/card.typ"), as PDF/UA-1.

    `values` is what JSON can hold; the template finds it as `json(bytes(sys.inputs.values))`. It must set the title and
    the language. Raises `typst.TypstError` where the template is wrong, never because of a value's text.
    """
    return _compile(template, values, format="pdf", pdf_standards=["ua-1"])[0]


def make_pictures(template: str, values: Mapping[str, Any], *, dots_per_inch: float) -> list[bytes]:
    """The pages of the same document as PNG."""
    return _compile(template, values, format="png", ppi=dots_per_inch)


def _compile(template: str, values: Mapping[str, Any], **options: Any) -> list[bytes]:
    inputs = {"values": json.dumps(values, ensure_ascii=False)}
    with _one_at_a_time:
        made = _compiler().compile(PACKAGE / template, sys_inputs=inputs, **options)
    return made if isinstance(made, list) else [made or b""]


@cache
def _compiler() -> Compiler:
    """Made at the first use and so in the process that uses it: its threads would not survive a fork."""
    fonts = Path(str(files("font_source_sans_pro"))) / "files"
    return Compiler(root=PACKAGE, font_paths=[fonts], ignore_system_fonts=True)
