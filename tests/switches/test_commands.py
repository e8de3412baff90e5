"""`mypolis switches`: operators switch rooms without the desk."""

import json

import pytest

from mypolis.foundation.switches.commands import add_parser
from mypolis.foundation.switches.models import SwitchedOff
from tests.commands import Run, runner


@pytest.fixture
def run(db: None) -> Run:
    """Run `mypolis switches …`; gives the exit code, standard output and standard error."""
    return runner(add_parser, "switches")


def test_unknown_markets_and_rooms_are_refused(run: Run) -> None:
    assert run("list", "--market", "xx")[0] == 2
    assert run("set", "claims", "--off", "--market", "xx", "--by", "root")[0] == 2
    code, _out, err = run("set", "signin", "--off", "--market", "rs", "--by", "root")
    assert code == 1
    assert "no room of this name can be switched" in err
    assert not SwitchedOff.objects.exists()


def test_a_room_is_switched_off_and_on(run: Run) -> None:
    assert run("set", "claims", "--off", "--market", "rs", "--by", "root")[::2] == (0, "Done.\n")
    assert "claims  off since" in run("list", "--market", "rs")[1]
    rows = json.loads(run("list", "--market", "id", "--json")[1])["switches"]
    assert {"room": "claims", "off": False, "since": None} in rows
    assert run("set", "claims", "--on", "--market", "rs", "--by", "root")[2] == "Done.\n"
    assert run("set", "claims", "--on", "--market", "rs", "--by", "root")[2] == "Nothing to change.\n"
    assert json.loads(run("set", "claims", "--off", "--market", "rs", "--json")[1]) == {"room": "claims", "off": True}
