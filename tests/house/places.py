"""Paths of the repository, and helpers for the house rules."""

import ast
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "mypolis"
REFERENCE = ROOT / "docs" / "reference"
EMAIL_LAYOUT = PACKAGE / "foundation" / "notices" / "templates" / "notices" / "email.html"


def modules(*folders: str) -> list[Path]:
    """Return every module under these folders of the repository, without migrations."""
    found = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return [path for path in found if "migrations" not in path.parts]


def pages() -> list[Path]:
    """Return every HTML template, except the layout of e-mails, which has other rules."""
    return [path for path in sorted(PACKAGE.rglob("templates/**/*.html")) if path != EMAIL_LAYOUT]


def name(path: Path) -> str:
    """Return the name of a file for a rule's message."""
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    """Parse the module."""
    return ast.parse(path.read_text())


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function of a module, with inner ones and methods."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def assert_none(problems: Iterable[str]) -> None:
    """Fail with one line for each problem."""
    found = list(problems)
    assert not found, "\n".join(["", *found])


def kept_files() -> list[Path]:
    """Return every file that is, or would be, under version control."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    paths = (ROOT / part for part in listed.stdout.decode().split("\0") if part)
    return [path for path in paths if path.is_file()]
