"""`mypolis switches list|set`. Imported before Django is set up."""

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from mypolis.foundation.events.by_option import add_by
from mypolis.foundation.markets.operator_input import profile_named

if TYPE_CHECKING:
    type Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_parser(subparsers: "Subparsers") -> None:
    """Add `switches` to the command line; each command's `run(arguments)` returns the exit code."""
    switches = subparsers.add_parser("switches", help="switch rooms of a market off and on")
    commands = switches.add_subparsers(dest="switches_command", required=True, metavar="COMMAND")
    listing = _add(commands, "list", _list, "show which rooms are off in a market")
    setting = _add(commands, "set", _set, "switch a room off or on")
    setting.add_argument("room", metavar="ROOM", help="label of the room, as `list` shows it")
    which = setting.add_mutually_exclusive_group(required=True)
    which.add_argument("--off", action="store_true", help="switch it off; members read the room's own text")
    which.add_argument("--on", action="store_true", help="switch it on")
    add_by(setting)
    for command in (listing, setting):
        command.add_argument("--market", required=True, metavar="CODE", help="the market, such as id")
        command.add_argument("--json", action="store_true", help="print the result as JSON")


def _add(commands: "Subparsers", name: str, run: Any, does: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}.")
    command.set_defaults(run=run)
    return command


def _list(arguments: argparse.Namespace) -> int:
    from mypolis.foundation.switches.models import SwitchedOff  # noqa: PLC0415 - needs Django set up
    from mypolis.foundation.switches.rooms_off import rooms_with_switch  # noqa: PLC0415

    profile = profile_named(arguments)
    if profile is None:
        return 2
    off = {row.room: row for row in SwitchedOff.objects.filter(market=profile.code)}
    rows = [
        {"room": label, "off": label in off, "since": off[label].since.isoformat() if label in off else None}
        for label in rooms_with_switch()
    ]
    if arguments.json:
        sys.stdout.write(json.dumps({"switches": rows}) + "\n")
        return 0
    for row in rows:
        sys.stdout.write(f"{row['room']}  {'off since ' + str(row['since']) if row['off'] else 'on'}\n")
    return 0


def _set(arguments: argparse.Namespace) -> int:
    from mypolis.foundation.switches.rooms_off import (  # noqa: PLC0415 - needs Django set up
        NoSuchSwitch,
        switch_off,
        switch_on,
    )

    profile = profile_named(arguments)
    if profile is None:
        return 2
    try:
        if arguments.off:
            switch_off(market=profile.code, room=arguments.room, texts={}, by=arguments.by)
            changed = True
        else:
            changed = switch_on(market=profile.code, room=arguments.room, by=arguments.by)
    except NoSuchSwitch:
        sys.stderr.write("mypolis: no room of this name can be switched; see `mypolis switches list`\n")
        return 1
    if arguments.json:
        sys.stdout.write(json.dumps({"room": arguments.room, "off": arguments.off}) + "\n")
    else:
        sys.stderr.write("Done.\n" if changed else "Nothing to change.\n")
    return 0
