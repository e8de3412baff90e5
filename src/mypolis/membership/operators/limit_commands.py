"""`mypolis limits list|lift`. Imported before Django is set up."""

import argparse
import json
import sys
from typing import TYPE_CHECKING

from mypolis.foundation.events.by_option import add_by
from mypolis.foundation.markets.operator_input import profile_named, typed

if TYPE_CHECKING:
    from mypolis.foundation.markets import Profile
    from mypolis.membership.operators.limit_inspection import Block

    type Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

_WHAT = "An e-mail, a mobile, a username or a national id as the person typed it, or their IP address"


def add_parser(subparsers: "Subparsers") -> None:
    """Add `limits` to the command line; each command's `run(arguments)` returns the exit code."""
    limits = subparsers.add_parser("limits", help="show and lift the limits that block somebody")
    commands = limits.add_subparsers(dest="limits_command", required=True, metavar="COMMAND")
    for name, run, does in (
        ("list", _list, "show the limits in use for what somebody typed"),
        ("lift", _lift, "reset these limits; an event records who did it"),
    ):
        example = f"Example: echo jelena@example.test | mypolis limits {name} --market rs"
        description = f"{does[0].upper()}{does[1:]}. {_WHAT} is read from standard input."
        command = commands.add_parser(name, help=does, description=description, epilog=example)
        command.add_argument("--market", required=True, metavar="CODE", help="market in which it was typed")
        command.add_argument("--json", action="store_true", help="print the result as JSON")
        command.set_defaults(run=run)
        if name == "lift":
            add_by(command)


def _list(arguments: argparse.Namespace) -> int:
    """Exit code 0, even if no limit is in use."""
    from mypolis.membership.operators.limit_inspection import blocks  # noqa: PLC0415 - needs Django set up

    profile = profile_named(arguments)
    return 2 if profile is None else _print(blocks(profile, typed(_WHAT)), profile, arguments, lifted=False)


def _lift(arguments: argparse.Namespace) -> int:
    """Exit code 0, even if no limit was in use."""
    from mypolis.membership.operators.limit_inspection import lift  # noqa: PLC0415 - needs Django set up

    profile = profile_named(arguments)
    if profile is None:
        return 2
    return _print(lift(profile, typed(_WHAT), by=arguments.by), profile, arguments, lifted=True)


def _print(found: "list[Block]", profile: "Profile", arguments: argparse.Namespace, *, lifted: bool) -> int:
    from django.utils import timezone  # noqa: PLC0415 - needs Django set up

    rows = [
        {
            "limit": block.counted.limit.name,
            "whose": block.counted.whose,
            "count": block.count,
            "most": block.counted.limit.most,
            "until": timezone.localtime(block.until, profile.zone).isoformat(timespec="minutes"),
            "blocks": block.blocks,
        }
        for block in sorted(found, key=lambda block: (not block.blocks, block.counted.limit.name))
    ]
    if arguments.json:
        sys.stdout.write(json.dumps({"lifted": lifted, "limits": rows}) + "\n")
        return 0
    for row in rows:
        state = "lifted" if lifted else "BLOCKED" if row["blocks"] else "in use"
        line = f"{state}  {row['limit']}  {row['count']} of {row['most']}, until {row['until']}  ({row['whose']})"
        sys.stdout.write(f"{line}\n")
    if not rows:
        sys.stdout.write("No limit is in use.\n")
    return 0
