"""One style sheet and one script for all pages, joined from `styles/` and `scripts/` when static files are collected.

There each part has a file of its own; a browser asks once for each bundle. A part must be valid by itself: joining
takes out comments and white space and changes nothing else. The order of the parts says little: `styles/layers.css`
comes first and settles which layer wins.
"""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import rjsmin
from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

SOURCES = Path(__file__).parent.parent
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def style_sheet() -> str:
    """Every file of `styles/`, the order of the layers first, without comments and indents."""
    files = sorted((SOURCES / "styles").rglob("*.css"), key=lambda file: (file.name != "layers.css", str(file)))
    bare = _COMMENT.sub("", "\n".join(file.read_text(encoding="utf-8") for file in files))
    return "\n".join(line.strip() for line in bare.splitlines() if line.strip()) + "\n"


def script() -> str:
    """Every file of `scripts/`, each in a block of its own so that their names do not meet."""
    files = sorted((SOURCES / "scripts").glob("*.js"))
    return "".join(f"{{{rjsmin.jsmin(file.read_text(encoding='utf-8'))}}}\n" for file in files)


BUNDLES = {"web/mypolis.css": style_sheet, "web/mypolis.js": script}


class Finder(BaseFinder):
    """Offers the bundles to `collectstatic`, and to the tests' server; written anew only after a change."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(location=Path(settings.STATIC_ROOT).with_name("bundles"))

    def check(self, **kwargs: Any) -> list[Any]:
        """Nothing here can be set up wrongly."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The bundle's place on the disk."""
        found = [self.storage.path(name) for name, _storage in self.list([]) if name == path]
        return found if find_all else next(iter(found), None)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        """The bundles as they are now."""
        for name, build in BUNDLES.items():
            _write(Path(self.storage.path(name)), build().encode())
            yield name, self.storage


def _write(file: Path, content: bytes) -> None:
    if file.exists() and file.read_bytes() == content:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(file)
