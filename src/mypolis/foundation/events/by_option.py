"""The option `--by` of commands that change something: who makes the change. Imported before Django is set up."""

import argparse
import getpass

from mypolis.foundation.events.actor import ACTOR_KINDS, Actor, ActorError

# Members and strangers have no command line. If an operator acts for them, the actor is the operator.
BY_KINDS = tuple(kind for kind in ACTOR_KINDS if kind not in ("stranger", "member"))


def add_by(command: argparse.ArgumentParser, *, default: str = "") -> None:
    """Add `--by`; `arguments.by` is an Actor. If there is no `default`, it is the operating system's user, as staff.

    If that user has no name, as in some containers, `--by` is required.
    """
    default = default or _operator()
    expected = "who does it: KIND:KEY, or the KEY of a staff member; kinds: " + ", ".join(BY_KINDS)
    command.add_argument(
        "--by",
        type=_actor,
        default=default or None,
        required=not default,
        metavar="ACTOR",
        help=f"{expected} (%(default)s)" if default else expected,
    )


def _operator() -> str:
    try:
        return f"staff:{getpass.getuser()}"
    except (KeyError, OSError):
        return ""


def _actor(text: str) -> Actor:
    try:
        actor = Actor.parse(text)
    except ActorError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if actor.kind not in BY_KINDS:
        raise argparse.ArgumentTypeError(f"{ACTOR_KINDS[actor.kind]} runs no commands: {', '.join(BY_KINDS)}")
    return actor
