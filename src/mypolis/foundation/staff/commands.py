"""`mypolis staff invite|list|role|close|reset`. Imported before Django is set up."""

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any, get_args

from mypolis.foundation.events.by_option import add_by
from mypolis.foundation.markets.operator_input import profile_named
from mypolis.foundation.rooms import Role

if TYPE_CHECKING:
    from mypolis.foundation.staff.models import StaffAccount
    from mypolis.foundation.staff.team.joining import Invited

    type Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

_ROLES: tuple[Role, ...] = get_args(Role.__value__)


def add_parser(subparsers: "Subparsers") -> None:
    """Add `staff` to the command line; each command's `run(arguments)` returns the exit code."""
    staff = subparsers.add_parser("staff", help="invite colleagues to the desk, give and take roles")
    commands = staff.add_subparsers(dest="staff_command", required=True, metavar="COMMAND")

    inviting = _add(commands, "invite", _invite, "invite a colleague; prints the link and sends it by mail")
    inviting.add_argument("email", metavar="EMAIL", help="work address, with which they will sign in")
    inviting.add_argument("--name", default="", metavar="NAME", help="name for colleagues (the address)")
    inviting.add_argument("--role", action="append", required=True, choices=_ROLES, metavar="ROLE", help=_roles())

    listing = _add(commands, "list", _list, "show who works at the desk of a market")
    giving = _add(commands, "role", _role, "give a role to a colleague, or take it")
    giving.add_argument("email", metavar="EMAIL", help="their address")
    giving.add_argument("--role", required=True, choices=_ROLES, metavar="ROLE", help=_roles())
    giving.add_argument("--take", action="store_true", help="take the role instead of giving it")
    closing = _add(commands, "close", _close, "close an account and end its sessions at once")
    closing.add_argument("email", metavar="EMAIL", help="their address")
    resetting = _add(commands, "reset", _reset, "let somebody who lost every factor set up their sign-in again")
    resetting.add_argument("email", metavar="EMAIL", help="their address")
    resetting.add_argument("--json", action="store_true", help="print the result as JSON")
    for command in (inviting, giving, closing, resetting):
        add_by(command)
    for command in (inviting, listing, giving, closing):
        command.add_argument("--market", required=True, metavar="CODE", help="market of the roles, such as id")
        command.add_argument("--json", action="store_true", help="print the result as JSON")


def _add(commands: "Subparsers", name: str, run: Any, does: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}.")
    command.set_defaults(run=run)
    return command


def _roles() -> str:
    return f"one of: {', '.join(_ROLES)}"


def _invite(arguments: argparse.Namespace) -> int:
    from mypolis.foundation.lib.email_addresses import EmailAddressError, read_email  # noqa: PLC0415 - as below
    from mypolis.foundation.staff.team.joining import AlreadyStaff, invite  # noqa: PLC0415 - needs Django set up

    profile = profile_named(arguments)
    if profile is None:
        return 2
    try:
        email = read_email(arguments.email).canonical
        name = arguments.name or email.partition("@")[0]
        invited = invite(email=email, name=name[:80], market=profile.code, roles=arguments.role, by=arguments.by)
    except EmailAddressError:
        sys.stderr.write("mypolis: this is no email address\n")
        return 2
    except AlreadyStaff:
        sys.stderr.write("mypolis: this address belongs to a colleague already; use `mypolis staff role`\n")
        return 1
    return _say_link(arguments, invited)


def _list(arguments: argparse.Namespace) -> int:
    from mypolis.foundation.staff.models import StaffAccount  # noqa: PLC0415 - needs Django set up

    profile = profile_named(arguments)
    if profile is None:
        return 2
    accounts = StaffAccount.objects.filter(roles__market=profile.code).distinct().order_by("email_key")
    rows = [_row(account, profile.code) for account in accounts.prefetch_related("roles")]
    if arguments.json:
        sys.stdout.write(json.dumps({"staff": rows}) + "\n")
        return 0
    lines = (f"{row['email']}  {row['name']}  {', '.join(row['roles'])}  {row['state']}\n" for row in rows)
    sys.stdout.write("".join(lines) or "Nobody works at this desk yet.\n")
    return 0


def _role(arguments: argparse.Namespace) -> int:
    from mypolis.foundation.staff.team.role_changes import (  # noqa: PLC0415 - needs Django set up
        LastAdministrator,
        give_role,
        take_role,
    )

    profile, account = profile_named(arguments), _named(arguments)
    if profile is None or account is None:
        return 2 if profile is None else 1
    change = take_role if arguments.take else give_role
    try:
        changed = change(account=account, market=profile.code, role=arguments.role, by=arguments.by)
    except LastAdministrator:
        return _last()
    if arguments.json:
        sys.stdout.write(json.dumps({"changed": changed}) + "\n")
    else:
        sys.stderr.write("Done.\n" if changed else "Nothing to change.\n")
    return 0


def _close(arguments: argparse.Namespace) -> int:
    from mypolis.foundation.staff.team.role_changes import LastAdministrator, close  # noqa: PLC0415 - needs Django set up

    profile, account = profile_named(arguments), _named(arguments)
    if profile is None or account is None:
        return 2 if profile is None else 1
    try:
        close(account=account, by=arguments.by)
    except LastAdministrator:
        return _last()
    if arguments.json:
        sys.stdout.write(json.dumps({"closed": account.email}) + "\n")
    return 0


def _reset(arguments: argparse.Namespace) -> int:
    from mypolis.foundation.staff.team.resetting import CannotReset, reset  # noqa: PLC0415 - needs Django set up

    account = _named(arguments)
    if account is None:
        return 1
    try:
        return _say_link(arguments, reset(account=account, by=arguments.by))
    except CannotReset:
        sys.stderr.write("mypolis: this account is closed, or was never used; invite the person instead\n")
        return 1


def _say_link(arguments: argparse.Namespace, invited: "Invited") -> int:
    if arguments.json:
        sys.stdout.write(json.dumps({"email": invited.account.email, "url": invited.url}) + "\n")
    else:
        sys.stdout.write(f"{invited.url}\n")
        sys.stderr.write("The link is good for 24 hours, for one person. It was sent by mail too.\n")
    return 0


def _named(arguments: argparse.Namespace) -> "StaffAccount | None":
    from mypolis.foundation.lib.email_addresses import fold_email  # noqa: PLC0415 - needs Django set up
    from mypolis.foundation.staff.models import StaffAccount  # noqa: PLC0415 - needs Django set up

    found = StaffAccount.objects.filter(email_key=fold_email(arguments.email)).first()
    if found is None:
        sys.stderr.write("mypolis: nobody with this address works at the desk\n")
    return found


def _last() -> int:
    sys.stderr.write("mypolis: this is the only administrator of a market; give the role to somebody else first\n")
    return 1


def _row(account: "StaffAccount", market: str) -> dict[str, Any]:
    state = "closed" if account.closed_at else "joined" if account.joined_at else "invited"
    return {
        "email": account.email,
        "name": account.name,
        "roles": sorted(account.roles_in(market)),
        "state": state,
    }
