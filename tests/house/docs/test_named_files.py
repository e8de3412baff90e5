"""Files that docs, docstrings and templates name in backticks exist under that path."""

import re
from collections.abc import Iterator

from tests.house.places import ROOT, assert_none, kept_files, name

READ = {".md", ".py", ".html", ".js", ".css", ".yaml", ".toml", ".typ"}
NAMED = re.compile(r"`([\w-][\w./-]*/[\w.-]+\.(?:py|js|css|html|typ|yaml|toml))`")
MADE = {"web/mypolis.css", "web/mypolis.js"}  # built when static files are collected


def test_every_file_that_is_named_exists() -> None:
    kept = kept_files()
    ends = {end for path in kept for end in _ends(name(path))}
    texts = [path for path in kept if path.suffix in READ and "tests" not in path.relative_to(ROOT).parts]
    named = [(path, found) for path in texts for found in NAMED.findall(path.read_text())]
    assert len(named) > 50
    assert_none(f"{name(path)} names {found}" for path, found in named if found not in ends | MADE)


def _ends(path: str) -> Iterator[str]:
    """Return the names that a text may use for the file, such as "a/b/c.py" and "b/c.py"."""
    parts = path.split("/")
    return ("/".join(parts[start:]) for start in range(len(parts) - 1))
