"""The names of cleaned files: safe as file names on any system, and in tables."""

import re
import unicodedata
from typing import Final

LONGEST: Final = 80
_EXTENSIONS: Final = {"image/jpeg": ".jpg", "application/pdf": ".pdf"}
_EXTENSION = re.compile(r"\.\w{1,5}$")
_UNUSUAL = re.compile(r"[^\w ()+,.№#-]|_(?=_)")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)  # names of devices in Windows


def cleaned_name(name: str, media_type: str) -> str:
    """What the cleaned copy of a file is called: the name that its owner gave, made safe, with the right extension."""
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    stem = _UNUSUAL.sub(" ", _EXTENSION.sub("", last.strip()))
    stem = " ".join(stem.split())[:LONGEST].strip(" .+-")
    if not stem or _RESERVED.match(stem):
        stem = f"file {stem}".strip()
    return stem + _EXTENSIONS[media_type]
