"""`mypolis sessions end`. Imported before Django is set up."""

import argparse
import json
import sys
from typing import TYPE_CHECKING

from mypolis.foundation.events.by_option import add_by
from mypolis.foundation.markets.operator_input import profile_named, typed

if TYPE_CHECKING:
    type Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

_WHAT = "An e-mail, a mobile, a username or a national id of the member"
_DOES = "sign a member out everywhere and forget the devices, or sign everybody out; events record who did it"
_EXAMPLE = "Example: echo jelena@example.test | mypolis sessions end --market rs --by staff:olga"


def add_parser(subparsers: "Subparsers") -> None:
    """Add `sessions` to the command line; each command's `run(arguments)` returns the exit code."""
    sessions = subparsers.add_parser("sessions", help="sign members out")
    commands = sessions.add_subparsers(dest="sessions_command", required=True, metavar="COMMAND")
    description = f"{_DOES[0].upper()}{_DOES[1:]}. {_WHAT} is read from standard input."
    end = commands.add_parser("end", help=_DOES, description=description, epilog=_EXAMPLE)
    end.add_argument("--market", required=True, metavar="CODE", help="market of the members")
    end.add_argument("--all", action="store_true", help="all matching members, if they share an address")
    end.add_argument("--everybody", action="store_true", help="every member of the market; reads no input")
    add_by(end)
    end.add_argument("--json", action="store_true", help="print the result as JSON")
    end.set_defaults(run=_end)


def _end(arguments: argparse.Namespace) -> int:
    """Exit code 0, even if nobody was signed in; 1 when no member matches, or several do without `--all`."""
    from mypolis.membership.accounts.sessions.devices import sign_everybody_out  # noqa: PLC0415 - needs Django set up
    from mypolis.membership.operators.flows import end_sessions  # noqa: PLC0415
    from mypolis.membership.operators.operator_lookup import find_accounts  # noqa: PLC0415

    profile, by = profile_named(arguments), arguments.by
    if profile is None:
        return 2
    if arguments.everybody:
        return _print(sign_everybody_out(market=profile.code, by=by), arguments)
    accounts = find_accounts(profile, typed(_WHAT))
    if not accounts:
        sys.stderr.write("mypolis: no member of this market matches that\n")
        return 1
    if len(accounts) > 1 and not arguments.all:
        sys.stderr.write(f"mypolis: {len(accounts)} members match that: give another identifier, or add --all\n")
        return 1
    return _print(sum(end_sessions(account=account, by=by) for account in accounts), arguments)


def _print(ended: int, arguments: argparse.Namespace) -> int:
    sys.stdout.write(json.dumps({"ended": ended}) if arguments.json else f"Sessions ended: {ended}.")
    sys.stdout.write("\n")
    return 0
