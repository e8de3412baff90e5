"""The seven kinds of actor, their text form, and the option `--by` of every command that changes something."""

import argparse
import getpass
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from mypolis.foundation.events import SYSTEM, Actor
from mypolis.foundation.events.actor import ACTOR_KINDS, ActorError
from mypolis.foundation.events.by_option import add_by
from mypolis.foundation.events.models import Event
from mypolis.foundation.rooms import all_rooms

ONLY_READS = {
    "mypolis claims list",
    "mypolis claims payments list",
    "mypolis claims payments show",
    "mypolis claims show",
    "mypolis cover schema",
    "mypolis events verify",
    "mypolis guarantees list",
    "mypolis keys create",
    "mypolis limits list",
    "mypolis partners list",
    "mypolis providers list",
    "mypolis roster report",
    "mypolis staff list",
    "mypolis switches list",
}
GLOSSARY = Path(__file__).parents[2] / "docs/glossary.md"


def by_of(*words: str, default: str = "") -> Actor:
    parser = argparse.ArgumentParser()
    add_by(parser, default=default)
    actor = parser.parse_args(words).by
    assert isinstance(actor, Actor)
    return actor


def commands(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """Yield the commands that do something, without those that only contain others."""
    deeper = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    for action in deeper:
        for command in action.choices.values():
            yield from commands(command)
    if not deeper:
        yield parser


@pytest.mark.parametrize(
    "text",
    [
        "",
        "staff:",
        "staff",
        "hr:",
        "stranger:7",
        "clerk:7",
        "staff:olga:rs",
        "Staff:7",
        "olga petrovna",
        "system:",
        "hr: 7",
        "staff:olga\u200b",
        "staff:\u202eaglo",
        "staff:olga\x1b[2K",
        "staff:\udce9",
    ],
)
def test_what_names_no_actor_is_refused(text: str) -> None:
    with pytest.raises(ActorError):
        Actor.parse(text)


def test_a_key_longer_than_the_trail_keeps_is_refused() -> None:
    longest = Event._meta.get_field("actor_id").max_length
    assert longest is not None
    assert Actor.parse("hr:" + "7" * longest).id == "7" * longest
    with pytest.raises(ActorError):
        Actor.parse("hr:" + "7" * (longest + 1))


@pytest.mark.parametrize("words", [["--by", "member:7"], ["--by", "stranger"], ["--by", "clerk:7"], ["--by", ""]])
def test_nobody_else_runs_commands(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as error:
        by_of(*words)
    assert error.value.code == 2
    assert "--by" in capsys.readouterr().err


def test_where_the_operating_system_knows_no_name_it_must_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> NoReturn:
        raise OSError("No username set in the environment")

    monkeypatch.setattr(getpass, "getuser", nobody)
    with pytest.raises(SystemExit):
        by_of()
    assert by_of("--by", "olga") == Actor("staff", "olga")


@pytest.mark.parametrize("kind", ACTOR_KINDS)
def test_every_kind_is_written_and_read_alike_and_fits_the_trail(kind: str) -> None:
    actor = Actor.parse(kind if kind in ("stranger", "system") else f"{kind}:12")
    assert (actor.kind, Actor.parse(str(actor))) == (kind, actor)
    assert len(kind) <= (Event._meta.get_field("actor_kind").max_length or 0)


def test_a_program_of_the_system_may_have_a_key() -> None:
    assert Actor.parse("system:nightly") == Actor("system", "nightly")


def test_a_word_alone_is_a_member_of_staff_as_it_always_was() -> None:
    assert by_of("--by", "olga") == by_of("--by", "staff:olga") == Actor("staff", "olga")
    assert by_of() == Actor("staff", getpass.getuser())


def test_a_command_may_say_who_does_it_where_nothing_is_said() -> None:
    assert by_of(default="system") == SYSTEM
    assert by_of("--by", "hr:12", default="system") == Actor("hr", "12")


def test_every_command_that_changes_something_asks_who_does_it() -> None:
    parser = argparse.ArgumentParser(prog="mypolis")
    below = parser.add_subparsers()
    for module in [f"{room.name}.{command.module}" for room in all_rooms() for command in room.commands]:
        importlib.import_module(module).add_parser(below)
    silent = {command.prog for command in commands(parser) if "--by" not in command.format_help()}
    assert silent == ONLY_READS


def test_the_glossary_names_every_kind() -> None:
    line = next(line for line in GLOSSARY.read_text().splitlines() if line.startswith("| **actor**"))
    assert [kind for kind in ACTOR_KINDS if f"`{kind}`" not in line] == []
