"""A room that declares what it does not have, or what another room has, is named before anybody visits the portal."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.places import ROOT

FINDINGS = """
import sys, django
from django.core.exceptions import ImproperlyConfigured
try:
    django.setup()
    from mypolis import checks, cli
    print(*checks.findings_about_rooms(), sep="\\n")
    cli._parser(requested="")
except ImproperlyConfigured as error:
    print(error)
"""
APPS = """
from mypolis.foundation.rooms import *

class WrongRoom(Room):
    name = label = "wrong"
    {}
"""
LIMIT = """
from datetime import timedelta
from mypolis.foundation.guards.limits import Limit
CODES = Limit(name="code-tries", most=9_000, window=timedelta(days=1))
"""
EVENT = """
from mypolis.foundation.events.kinds import Kind, kind
class WrongEvent(Kind):
    BEGUN = kind("journey.started", by="member")
"""
MESSAGES = """
from mypolis.foundation.notices.catalogue import Template
MESSAGES = (Template("code"),)
"""
PARTS = {"limits.py": LIMIT, "event_kinds.py": EVENT, "texts.py": MESSAGES, "commands.py": "def add_parser(on): ..."}


@pytest.mark.parametrize(
    ("declared", "finding"),
    [
        ('events = "event_kinds.NoSuch"', "wrong: apps.py names 'event_kinds.NoSuch'"),
        ('waiting = ("nowhere.waiting",)', "wrong: apps.py names 'nowhere.waiting'"),
        ('jobs = "nowhere"', "wrong: apps.py names 'nowhere'"),
        ('pages = (Pages(place=9, urls="nowhere"),)', "wrong: apps.py names 'nowhere'"),
        (
            'navigation = (NavigationEntry(9, "nowhere", "Nowhere", "shield"),)',
            "wrong: apps.py names the route 'nowhere'",
        ),
        ('home_cards = (HomeCard(9, "no.html", "limits.LIMIT"),)', "wrong: apps.py names 'limits.LIMIT'"),
        ('home_cards = (HomeCard(9, "no.html", "limits.CODES"),)', "wrong: apps.py names the template 'no.html'"),
        ('limits = "limits"', "two rooms declare the limit code-tries"),
        ('events = "event_kinds.WrongEvent"', "two rooms declare the event journey.started"),
        ('messages = "texts.MESSAGES"', "two rooms declare the message code"),
        ('commands = (Command("events", "twice"),)', "wrong: there is already a command events"),
        ('commands = (Command("check", "twice"),)', "wrong: there is already a command check"),
    ],
)
def test_a_wrong_declaration_is_found(tmp_path: Path, declared: str, finding: str) -> None:
    assert found(tmp_path, APPS.format(declared)).startswith(finding)


def test_a_room_without_a_class_is_named(tmp_path: Path) -> None:
    assert found(tmp_path, "") == "wrong.apps must declare one Room, and declares 0"


def test_a_name_that_is_no_room_is_an_error_without_traceback(tmp_path: Path) -> None:
    done = process(tmp_path, "-m", "mypolis.cli", "check", rooms="no.such.room")
    assert (done.returncode, done.stderr.strip()) == (
        1,
        "mypolis: MYPOLIS_ROOMS: no.such.room is not a room: No module named 'no'",
    )


def found(folder: Path, apps: str) -> str:
    """Return what is found about a room with this `apps.py`."""
    for name, text in {"__init__.py": "", "apps.py": apps, **PARTS}.items():
        (folder / "wrong").mkdir(exist_ok=True)
        (folder / "wrong" / name).write_text(text)
    done = process(folder, "-c", FINDINGS, rooms="wrong")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def process(folder: Path, *arguments: str, rooms: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "MYPOLIS_ROOMS": rooms, "DJANGO_SETTINGS_MODULE": "mypolis.settings"}
    environment |= {"DATABASE_URL": "host=/nowhere", "PYTHONPATH": f"{folder}:{ROOT}"}
    return subprocess.run(
        [sys.executable, *arguments], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
