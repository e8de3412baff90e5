"""The map in `docs/architecture.md` matches the import contract and the first lines of the rooms' docstrings."""

import ast
from configparser import ConfigParser

from tests.house.places import PACKAGE, ROOT

NOT_A_ROOM = {"settings", "installed", "processes : wsgi", "checks : urls", "cli"}


def _layers(section: str) -> list[str]:
    """Return the layers of a contract, lowest first, without the brackets that mark optional folders."""
    contract = ConfigParser()
    contract.read(ROOT / ".importlinter")
    lines = contract[f"importlinter:contract:{section}"]["layers"].split("\n")
    return [line.strip("()") for line in reversed(lines) if line.strip()]


def _what(*folders: str) -> str:
    """Return the first line of a folder's docstring."""
    text = ast.get_docstring(ast.parse(PACKAGE.joinpath(*folders, "__init__.py").read_text()))
    assert text, folders
    return text.splitlines()[0]


def drawn_map() -> str:
    """Draw one table: the wings, lowest first, and under each its rooms, lowest first."""
    rows = ["| folder | holds |", "|---|---|"]
    for wing in (layer for layer in _layers("wings") if layer not in NOT_A_ROOM):
        rows.append(f"| **`{wing}/`** | **{_what(wing)}** |")
        if wing != "demo":
            rows += [f"| `{wing}/{room}/` | {_what(wing, room)} |" for room in _layers(wing)]
    return "\n".join(rows)


def test_the_architecture_page_holds_the_map_of_the_contract() -> None:
    drawn = drawn_map()
    assert drawn in (ROOT / "docs" / "architecture.md").read_text(), f"docs/architecture.md must hold:\n{drawn}"
