"""No two modules of the product need each other: each can be read, and tested, after those that it imports."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.house.places import PACKAGE, modules, name, tree

IN_ORDER = ("src/mypolis",)


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


def _imported(path: Path, known: set[str]) -> set[str]:
    """The modules that a module names in its imports, those for type checkers and inside functions too."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            parts = {f"{node.module}.{part.name}" for part in node.names} & known
            found |= parts or ({node.module} & known)
        elif isinstance(node, ast.Import):
            found |= {part.name for part in node.names} & known
    return found


def test_modules_import_each_other_one_way_only() -> None:
    paths = {_dotted(path): path for path in modules(*IN_ORDER)}
    graph = {dotted: _imported(path, set(paths)) for dotted, path in paths.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" imports ".join(name(paths[dotted]) for dotted in reversed(circle.args[1])))
