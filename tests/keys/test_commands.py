"""`mypolis keys …` at the command line."""

import argparse
from pathlib import Path

import pytest

from mypolis.foundation.keys.commands import add_parser
from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.lib.crypto.keyring import KeyRing


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    arguments = parser.parse_args(["keys", *words])
    return int(arguments.run(arguments))


def test_a_ring_that_exists_is_not_touched(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "keys.json"
    keyring.create(path)
    before = path.read_bytes()
    assert run("create", str(path)) == 1
    assert "exists already" in capsys.readouterr().err
    assert path.read_bytes() == before


def test_without_a_name_nothing_is_made(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("MYPOLIS_KEYS_FILE")
    assert run("create") == 2
    assert "MYPOLIS_KEYS_FILE" in capsys.readouterr().err


def test_a_ring_is_made_where_the_environment_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MYPOLIS_KEYS_FILE", str(tmp_path / "keys.json"))
    assert run("create") == 0
    assert KeyRing.load(tmp_path / "keys.json").primary == "k1"
    assert "apart from the database" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_a_rotation_tells_what_it_did(ring: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("rotate", "--wait", "1.1") == 0
    told = capsys.readouterr().out
    assert told.startswith("Key k2 is in use.\n")
    assert "  people.Person.national_id: 0 rows updated\n" in told
    assert told.endswith("Key k1 is retired: keep its copy as long as you keep older backups of the database.\n")
    assert set(KeyRing.load(ring).keys) == {"k2"}
