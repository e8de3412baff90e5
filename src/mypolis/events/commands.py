"""`mypolis events verify`."""

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    type Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_parser(subparsers: "Subparsers") -> None:
    """Add `events` to the command line."""
    events = subparsers.add_parser("events", help="check the audit trail")
    commands = events.add_subparsers(dest="events_command", required=True, metavar="COMMAND")
    verifying = commands.add_parser(
        "verify",
        help="read the whole trail again and compare it with its seals",
        description="Read the whole trail again and compare it with its seals. Exit code 1: it was tampered with.",
        epilog="Example: mypolis events verify",
    )
    verifying.set_defaults(run=_verify)


def _verify(_arguments: argparse.Namespace) -> int:
    from mypolis.events.seals import verify  # noqa: PLC0415 - needs Django set up

    verdict = verify()
    for found in verdict.breaks:
        print(found, file=sys.stderr)
    print(f"{verdict.events} events under {verdict.seals} seals; newest digest {verdict.head}")
    return 1 if verdict.breaks else 0
