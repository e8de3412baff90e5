"""`mypolis sessions end|lock|unlock`. Imported before Django is set up."""

import argparse
import json
import sys
from typing import TYPE_CHECKING

from mypolis.foundation.events.by_option import add_by
from mypolis.foundation.markets.operator_input import profile_named, typed

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypolis.membership.accounts.models import Account

    type Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

_WHAT = "An e-mail, a mobile, a username or a national id of the member"
_DOES = "sign a member out everywhere and forget the devices, or sign everybody out; events record who did it"
_LOCKS = "lock a member's account: all sessions end and nobody can sign in; the member is told"
_UNLOCKS = "let a member whose account was locked sign in again; verify first who asks"
_EXAMPLE = "Example: echo jelena@example.test | mypolis sessions end --market rs --by staff:olga"


def add_parser(subparsers: "Subparsers") -> None:
    """Add `sessions` to the command line; each command's `run(arguments)` returns the exit code."""
    sessions = subparsers.add_parser("sessions", help="sign members out, lock and unlock accounts")
    commands = sessions.add_subparsers(dest="sessions_command", required=True, metavar="COMMAND")
    description = f"{_DOES[0].upper()}{_DOES[1:]}. {_WHAT} is read from standard input."
    end = commands.add_parser("end", help=_DOES, description=description, epilog=_EXAMPLE)
    end.add_argument("--market", required=True, metavar="CODE", help="market of the members")
    end.add_argument("--all", action="store_true", help="all matching members, if they share an address")
    end.add_argument("--everybody", action="store_true", help="every member of the market; reads no input")
    add_by(end)
    end.add_argument("--json", action="store_true", help="print the result as JSON")
    end.set_defaults(run=_end)
    _add_locking(commands, "lock", _LOCKS, _lock).add_argument(
        "--reason", required=True, choices=("lost", "suspicion", "asked"), help="why; the event keeps it"
    )
    _add_locking(commands, "unlock", _UNLOCKS, _unlock)


def _add_locking(
    commands: "Subparsers", name: str, does: str, run: "Callable[[argparse.Namespace], int]"
) -> argparse.ArgumentParser:
    description = f"{does[0].upper()}{does[1:]}. {_WHAT} is read from standard input."
    command = commands.add_parser(name, help=does, description=description)
    command.add_argument("--market", required=True, metavar="CODE", help="market of the member")
    add_by(command)
    command.add_argument("--json", action="store_true", help="print the result as JSON")
    command.set_defaults(run=run)
    return command


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


def _lock(arguments: argparse.Namespace) -> int:
    """Exit code 0 when the account was locked; 1 when not exactly one member matches, or it is locked already."""
    from mypolis.membership.operators.locking import AlreadyLocked, lock_account  # noqa: PLC0415 - needs Django set up

    account, code = _the_one(arguments)
    if account is None:
        return code
    try:
        ended = lock_account(account=account, reason=arguments.reason, by=arguments.by)
    except AlreadyLocked:
        sys.stderr.write("mypolis: this account is locked already\n")
        return 1
    sys.stdout.write(json.dumps({"ended": ended}) if arguments.json else f"Locked. Sessions ended: {ended}.")
    sys.stdout.write("\n")
    return 0


def _unlock(arguments: argparse.Namespace) -> int:
    """Exit code 0 when the account was unlocked; 1 when not exactly one member matches, or it is not locked."""
    from mypolis.membership.operators.locking import NotLocked, unlock_account  # noqa: PLC0415 - needs Django set up

    account, code = _the_one(arguments)
    if account is None:
        return code
    try:
        unlock_account(account=account, by=arguments.by)
    except NotLocked:
        sys.stderr.write("mypolis: this account is not locked\n")
        return 1
    sys.stdout.write(json.dumps({"unlocked": True}) if arguments.json else "Unlocked.")
    sys.stdout.write("\n")
    return 0


def _the_one(arguments: argparse.Namespace) -> "tuple[Account | None, int]":
    """The one account that matches what is typed. Without exactly one: None, and the exit code."""
    from mypolis.membership.operators.operator_lookup import find_accounts  # noqa: PLC0415 - needs Django set up

    profile = profile_named(arguments)
    if profile is None:
        return None, 2
    accounts = find_accounts(profile, typed(_WHAT))
    if len(accounts) != 1:
        found = f"{len(accounts) or 'no'} members of this market match that"
        sys.stderr.write(f"mypolis: {found}: give another identifier\n")
        return None, 1
    return accounts[0], 0


def _print(ended: int, arguments: argparse.Namespace) -> int:
    sys.stdout.write(json.dumps({"ended": ended}) if arguments.json else f"Sessions ended: {ended}.")
    sys.stdout.write("\n")
    return 0
