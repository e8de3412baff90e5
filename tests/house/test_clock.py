"""No test depends on the day, and no query takes the day of a moment in UTC instead of the market's zone.

Ruff's DTZ005 and DTZ011 check the machine's zone; this checks fixed moments, and queries for parts of a moment.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.places import assert_none, functions, modules, name, tree

MOVES_THE_CLOCK = {"travel", "stopped_at", "beginning_at"}
FIXED = re.compile(r"20\d\d-\d\d-\d\d[T ]\d\d:\d\d.*")
PART_OF_A_MOMENT = re.compile(r"\w+__(date|time|year|quarter|month|week|week_day|day|hour)(__(gte?|lte?|in|range))?")


def test_no_query_takes_a_part_of_a_moment_in_utc() -> None:
    """Compare with the moments at which the day or year begins and ends in the market's zone."""
    assert_none(
        f"{name(path)}:{call.lineno} {keyword.arg}"
        for path in modules("src")
        for call in ast.walk(tree(path))
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg and PART_OF_A_MOMENT.fullmatch(keyword.arg)
    )


def test_no_test_moves_the_clock_to_a_fixed_moment() -> None:
    """Fixtures compute memberships and sessions from today, so at a fixed time they may be over: use `tests.clock`."""
    assert_none(
        f"{name(path)}:{line} in {function.name}"
        for path in modules("tests")
        for function in functions(path)
        if _called(function) & MOVES_THE_CLOCK
        for line in _fixed_moments(function, path)
    )


def test_the_rule_finds_a_fixed_moment_wherever_it_is_written(tmp_path: Path) -> None:
    kinds = {
        "direct": "def t():\n    travel(datetime(2026, 11, 28, 6))",
        "constant": "AT = datetime(2026, 11, 28)\ndef t():\n    travel(AT + STEP)",
        "parameter": "@parametrize('at', ['2026-06-30T21:59:59'])\ndef t(at):\n    stopped_at(parse(at))",
    }
    for kind, text in kinds.items():
        path = tmp_path / f"{kind}.py"
        path.write_text(text)
        (function,) = functions(path)
        assert list(_fixed_moments(function, path)), kind


def _fixed_moments(function: ast.AST, path: Path) -> Iterator[int]:
    named = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    constants = [
        node
        for node in tree(path).body
        if isinstance(node, ast.Assign) and named & {one.id for one in node.targets if isinstance(one, ast.Name)}
    ]
    for part in (function, *constants):
        yield from (node.lineno for node in ast.walk(part) if _is_fixed_moment(node))


def _is_fixed_moment(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return FIXED.fullmatch(node.value) is not None
    if not isinstance(node, ast.Call) or not node.args or _name_of(node) != "datetime":
        return False
    return isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, int)


def _called(function: ast.AST) -> set[str]:
    return {_name_of(node) for node in ast.walk(function) if isinstance(node, ast.Call)}


def _name_of(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))
