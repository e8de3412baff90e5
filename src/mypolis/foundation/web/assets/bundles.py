"""Builds one style sheet and one script from `styles/` and `scripts/` when static files are collected.

A browser needs only one request per bundle. Each source file must be valid by itself: bundling only removes comments
and white space. The order of the files hardly matters: `styles/layers.css` comes first and sets the order of the
cascade layers.
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
    """Join all files of `styles/`, `layers.css` first, without comments and indents."""
    files = sorted((SOURCES / "styles").rglob("*.css"), key=lambda file: (file.name != "layers.css", str(file)))
    bare = _COMMENT.sub("", "\n".join(file.read_text(encoding="utf-8") for file in files))
    return "\n".join(line.strip() for line in bare.splitlines() if line.strip()) + "\n"


def script() -> str:
    """Join all files of `scripts/`, each in its own block, so that their names do not collide."""
    files = sorted((SOURCES / "scripts").glob("*.js"))
    return "".join(f"{{{rjsmin.jsmin(file.read_text(encoding='utf-8'))}}}\n" for file in files)


BUNDLES = {"web/mypolis.css": style_sheet, "web/mypolis.js": script}


class Finder(BaseFinder):
    """Offers the bundles to `collectstatic` and to the test server. Writes them only after a change."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(location=Path(settings.STATIC_ROOT).with_name("bundles"))

    def check(self, **kwargs: Any) -> list[Any]:
        """Return no errors: there is nothing to configure."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return the bundle's path on disk."""
        found = [self.storage.path(name) for name, _storage in self.list([]) if name == path]
        return found if find_all else next(iter(found), None)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        """Yield the current bundles."""
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
