"""The reference pages match the code. A failure prints the missing rows."""

import re
import tomllib
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin

from procrastinate.contrib.django import app
from pydantic.fields import FieldInfo

from mypolis.foundation.guards.limits import Limit, all_limits
from mypolis.foundation.markets import Profile
from mypolis.foundation.rooms import Right, all_rooms
from mypolis.foundation.staff.rights_table import staff_rights
from mypolis.settings import Config
from tests.house.places import REFERENCE, ROOT, assert_none, modules, name

SETTINGS = (REFERENCE / "settings.md").read_text()
LIMITS = (REFERENCE / "limits.md").read_text()
INTERNAL = {"MYPOLIS_PARENT"}  # set by a supervisor for its child processes
KINDS = {int: "whole number", float: "number", Path: "path", str: "text", tuple: "list with commas"}
UNITS = (
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
    ("minute", timedelta(minutes=1)),
    ("second", timedelta(seconds=1)),
)


def test_every_setting_stands_in_the_reference_with_its_default() -> None:
    rows = [_row_of_setting(field, info) for field, info in Config.model_fields.items()]
    assert_none(row for row in rows if row not in SETTINGS)


def test_the_reference_names_no_setting_that_is_gone() -> None:
    known = {_variable(field, info) for field, info in Config.model_fields.items()}
    listed = set(re.findall(r"^\| `([A-Z_]+)` \| .+ \| .+ \| .+ \|$", SETTINGS, re.MULTILINE))
    assert_none(listed - known)


def test_every_variable_that_the_code_reads_is_explained() -> None:
    read = {
        found
        for path in modules("src", "tools")
        for found in re.findall(r"MYPOLIS_[A-Z0-9_]*[A-Z0-9]", path.read_text())
    }
    assert_none(one for one in read - INTERNAL if f"`{one}`" not in SETTINGS)


def test_every_limit_stands_in_the_reference() -> None:
    rows = [_row_of_limit(limit) for limit in all_limits()]
    assert rows
    assert_none(row for row in rows if row not in LIMITS)


def test_the_reference_names_no_limit_that_is_gone() -> None:
    known = {limit.name for limit in all_limits()}
    constants = LIMITS.partition("## ")[0]
    assert set(re.findall(r"^\| `([\w-]+)` \|", constants, re.MULTILINE)) == known


def test_every_life_stands_in_the_reference() -> None:
    lives = [(field.name, field.default) for field in fields(Profile) if isinstance(field.default, timedelta)]
    assert lives
    assert_none(row for field, life in lives if (row := f"| `{field}` | {_duration(life)} |") not in LIMITS)


def test_every_link_between_the_pages_leads_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
    broken = [
        f"{name(page)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[\w-]+)?\)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert_none(broken)


def test_every_decision_is_on_the_list() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = (folder / "README.md").read_text()
    assert_none(page.name for page in folder.glob("*.md") if page.name != "README.md" and page.name not in listed)


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    reasons = (ROOT / "docs" / "decisions" / "dependencies.md").read_text()
    names = [re.split(r"[<>=;\s]", dependency)[0] for dependency in wanted]
    assert_none(one for one in names if f"`{one}`" not in reasons)


def test_the_retention_page_lists_what_rooms_delete_and_when() -> None:
    kept = [one for room in all_rooms() for one in room.retention]
    rows = [f"| {one.what} | {one.life.days} {'day' if one.life.days == 1 else 'days'} | `{one.job}` |" for one in kept]
    page = (REFERENCE / "retention.md").read_text()
    assert_none(row for row in rows if row not in page)
    assert_none(one.job for one in kept if one.job not in app.tasks)


def test_the_page_of_rights_lists_who_may_do_what_at_the_desk() -> None:
    rows = [_row_of_right(right) for right in staff_rights()]
    page = (REFERENCE / "rights.md").read_text().splitlines()
    assert_none(row for row in rows if row not in page)
    assert len([line for line in page if line.startswith("| `")]) == len(rows), "a right that is gone"


def _row_of_right(right: Right) -> str:
    marks = [right.in_any_market, right.shows_health, right.fresh, right.four_eyes]
    said = ["yes" if mark else "no" for mark in marks]
    return f"| {' | '.join([f'`{right.name}`', str(right.does), ', '.join(sorted(right.roles)), *said])} |"


def _row_of_setting(field: str, info: FieldInfo) -> str:
    return f"| `{_variable(field, info)}` | {_default(info.default)} | {_takes(info)} | {info.description} |"


def _variable(field: str, info: FieldInfo) -> str:
    return str(info.validation_alias or f"MYPOLIS_{field.upper()}")


def _default(value: object) -> str:
    if value is None or value == ():
        return "none"
    return f"`{','.join(value)}`" if isinstance(value, tuple) else f"`{value}`"


def _takes(info: FieldInfo) -> str:
    kind: Any = info.annotation
    if get_origin(kind) is Literal:
        return " ".join(f"`{choice}`" for choice in get_args(kind))
    if isinstance(kind, UnionType):
        kind = next(part for part in get_args(kind) if part is not NoneType)
    return " ".join([KINDS[get_origin(kind) or kind], *_bounds(info)])


def _bounds(info: FieldInfo) -> list[str]:
    words = {"ge": "from", "gt": "above", "le": "to"}
    return [
        f"{word} {getattr(mark, key)}" for mark in info.metadata for key, word in words.items() if hasattr(mark, key)
    ]


def _row_of_limit(limit: Limit) -> str:
    return f"| `{limit.name}` | {limit.most:,} | {_duration(limit.window)} |"


def _duration(window: timedelta) -> str:
    unit, length = next((unit, length) for unit, length in UNITS if window % length == timedelta())
    count = window // length
    return f"{count} {unit}" + ("s" if count > 1 else "")
