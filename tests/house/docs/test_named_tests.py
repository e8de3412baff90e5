"""Tests that the docs name exist."""

import ast
import re

import pytest

from tests.house.places import REFERENCE, ROOT, assert_none

NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
PAGES = ("cases.md", "asvs.md")


@pytest.mark.parametrize("page", PAGES)
def test_every_test_that_a_page_names_exists(page: str) -> None:
    named = NAMED.findall((REFERENCE / page).read_text())
    assert len(named) > 30
    assert_none(f"{path}::{test}" for path, test in named if test not in _tests_of(path))


@pytest.mark.parametrize("page", PAGES)
def test_no_row_of_a_page_is_without_a_test_or_a_reason(page: str) -> None:
    text = (REFERENCE / page).read_text()
    rows = [line for line in text.splitlines() if re.match(r"\| (?!-|case|of|rule|no )", line)]
    assert rows
    assert_none(row for row in rows if not NAMED.search(row) and not re.search(r"\| (none|left|by design): ", row))


def _tests_of(path: str) -> set[str]:
    file = ROOT / path
    if not file.exists():
        return set()
    return {node.name for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.FunctionDef)}
