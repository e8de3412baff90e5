"""One line in the settings adds everything that a room declares; without the line nothing of it is left."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from mypolis.foundation.rooms import Room
from tests.house.places import ROOT

WITH_THE_TOY = {
    "page": "/rs/umbrellas/",
    "journey": "/rs/lend-umbrella/",
    "way": "/rs/lend-umbrella/long/",
    "words": ["journey", "step", "field", "entry", "example", "needed"],
    "desk": {"stranger": 302, "without the right": 404, "with the right": "3 umbrellas"},
    "operation": True,
    "command": "count umbrellas",
    "job": True,
    "event": True,
    "limit": True,
    "risk": True,
    "mail": "Subject: Found\n\nYour umbrella is at Sava.\n",
    "right": "count umbrellas",
    "entry": True,
    "cards": ["{'umbrellas': 3}"],
    "waits": ["wet"],
    "bounces": ["bounced"],
    "demo_data": ["fill"],
    "sealed": True,
    "owner": True,
    "short_lived": True,
    "kept": ["umbrellas"],
    "findings": ["rs: no umbrella", "id: no umbrella", "ru: no umbrella"],
    "figure": True,
    "desk_search": True,
    "desk_entry": True,
    "desk_cards": ["home_card.umbrellas_at_desk"],
    "switch": True,
    "approval": True,
    "section": [10, 20, 30, 90],
}


def run(*arguments: str, rooms: str) -> str:
    """Return the output of a Python process with these additional rooms. It needs no database."""
    environment = {**os.environ, "MYPOLIS_ROOMS": rooms, "DJANGO_SETTINGS_MODULE": "mypolis.settings"}
    environment |= {"DATABASE_URL": "host=/nowhere", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, *arguments], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout


def found(rooms: str) -> dict[str, Any]:
    """Return where the portal finds the toy room."""
    result: dict[str, Any] = json.loads(run("-m", "tests.rooms.found_by_the_portal", rooms=rooms).splitlines()[-1])
    return result


def test_one_line_of_settings_adds_all_that_a_room_declares() -> None:
    assert found("tests.rooms.toy") == WITH_THE_TOY


def test_without_that_line_nothing_of_it_is_there() -> None:
    assert {name: value for name, value in found("").items() if value} == {"section": [10, 20, 30]}


def test_its_command_runs_while_it_is_there() -> None:
    assert run("-m", "mypolis.cli", "umbrellas", rooms="tests.rooms.toy").strip() == "3 umbrellas"


def test_its_command_is_wrong_usage_when_it_is_gone() -> None:
    with pytest.raises(subprocess.CalledProcessError) as refused:
        run("-m", "mypolis.cli", "umbrellas", rooms="")
    assert refused.value.returncode == 2


def test_the_toy_uses_everything_that_a_room_can_declare() -> None:
    declared = json.loads(run("-c", DECLARED, rooms="tests.rooms.toy"))
    can = {name for name in Room.__annotations__ if name != "default"}
    assert can == set(declared)


DECLARED = """
import json
from mypolis.installed import room_classes
from mypolis.foundation.rooms import Room
toy = room_classes()[-1]
print(json.dumps([name for name in Room.__annotations__ if getattr(toy, name) != getattr(Room, name)]))
"""
