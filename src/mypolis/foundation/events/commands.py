"""`mypolis events verify`."""

import argparse
import re
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
        help="compare the whole audit trail with its seals",
        description="Compare the whole audit trail with its seals. Exit code 1: events were changed, removed or added.",
        epilog="Example: mypolis events verify --head 6f1d0a2be94c7713",
    )
    verifying.add_argument(
        "--head", type=_digest, metavar="DIGEST", help="a digest from the log, which must be in the chain"
    )
    verifying.set_defaults(run=_verify)


def _digest(text: str) -> str:
    if not re.fullmatch("[0-9a-fA-F]{16,64}", text):
        raise argparse.ArgumentTypeError("16 to 64 hexadecimal digits, as in the log event events.sealed")
    return text.lower()


def _verify(arguments: argparse.Namespace) -> int:
    from mypolis.foundation.events.hash_chain import verify  # noqa: PLC0415 - needs Django set up

    verdict = verify(head=arguments.head or "")
    for found in verdict.breaks:
        print(found, file=sys.stderr)
    print(f"{verdict.events} events under {verdict.seals} seals; newest digest {verdict.head}")
    return 1 if verdict.breaks else 0
