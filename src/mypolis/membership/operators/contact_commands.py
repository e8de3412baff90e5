"""`mypolis contacts change`. Imported before Django is set up."""

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from mypolis.foundation.events.by_option import add_by
from mypolis.foundation.markets.operator_input import profile_named, typed

if TYPE_CHECKING:
    from mypolis.foundation.markets import Profile

    type Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

_WHO = "An e-mail, a mobile, a username or a national id of the member"
_DOES = "replace a member's e-mail or mobile, after you have verified who asks; an event records who did it"
_EXAMPLE = "Example: mypolis contacts change --market ru --kind mobile --by staff:olga < two-lines.txt"


def add_parser(subparsers: "Subparsers") -> None:
    """Add `contacts` to the command line; each command's `run(arguments)` returns the exit code."""
    contacts = subparsers.add_parser("contacts", help="change a member's e-mail or mobile")
    commands = contacts.add_subparsers(dest="contacts_command", required=True, metavar="COMMAND")
    description = (
        f"{_DOES[0].upper()}{_DOES[1:]}. Reads two lines from standard input, because arguments stay in the shell's "
        f"history: {_WHO[0].lower()}{_WHO[1:]}; and the new value. All sessions end; devices and apps are forgotten."
    )
    change = commands.add_parser("change", help=_DOES, description=description, epilog=_EXAMPLE)
    change.add_argument("--market", required=True, metavar="CODE", help="market of the member")
    change.add_argument("--kind", required=True, choices=("email", "mobile"), help="what to change")
    add_by(change)
    change.add_argument("--json", action="store_true", help="print the result as JSON")
    change.set_defaults(run=_change)


def _change(arguments: argparse.Namespace) -> int:
    """Exit code 0 when the contact point was changed; 1 when not exactly one member matches, or it was refused."""
    from mypolis.membership.accounts.contact_points.contact_list import spelled  # noqa: PLC0415 - needs Django set up
    from mypolis.membership.accounts.contact_points.flows import ContactTaken, NewContact  # noqa: PLC0415
    from mypolis.membership.operators.flows import correct_contact  # noqa: PLC0415
    from mypolis.membership.operators.operator_lookup import find_accounts  # noqa: PLC0415

    profile, by = profile_named(arguments), arguments.by
    if profile is None:
        return 2
    accounts = find_accounts(profile, typed(_WHO))
    value = _clean(arguments.kind, typed("The new e-mail or mobile"), profile)
    if len(accounts) != 1:
        return _refuse(f"{len(accounts) or 'no'} members of this market match that: give another identifier")
    if value is None:
        return _refuse("this is not an e-mail address" if arguments.kind == "email" else "this is not a mobile number")
    new = NewContact(arguments.kind, spelled(accounts[0], arguments.kind, value), confirmed=True)
    try:
        ended = correct_contact(account=accounts[0], contact=new, by=by)
    except ContactTaken:
        return _refuse("another account has it")
    text = json.dumps({"changed": True, "ended": ended}) if arguments.json else f"Changed. Sessions ended: {ended}."
    sys.stdout.write(f"{text}\n")
    return 0


def _clean(kind: str, text: str, profile: "Profile") -> str | None:
    """The contact point as it is stored; None when the text is not a valid one."""
    from django import forms  # noqa: PLC0415 - needs Django set up

    from mypolis.foundation.web.form_fields.fields import EmailField, MobileField  # noqa: PLC0415

    field: Any = EmailField(label="") if kind == "email" else MobileField(region=profile.region, label="")
    try:
        return str(field.clean(text))
    except forms.ValidationError:
        return None


def _refuse(why: str) -> int:
    sys.stderr.write(f"mypolis: {why}\n")
    return 1
