"""`mypolis partners token|list|end`. Imported before Django is set up."""

import argparse
import json
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from mypolis.doors.integrations.rights import PARTNER_NAME, partner_rights
from mypolis.foundation.events.by_option import add_by
from mypolis.foundation.markets.operator_input import profile_named
from mypolis.foundation.program_tokens.command_line import (
    add_command,
    add_may_and_days,
    add_number,
    are_rights,
    failed,
    line_of,
    row_of,
)

if TYPE_CHECKING:
    from mypolis.doors.integrations.models import PartnerToken
    from mypolis.foundation.markets import Profile

    type Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_parser(subparsers: "Subparsers") -> None:
    """Add `partners` to the command line; each command's `run(arguments)` returns the exit code."""
    partners = subparsers.add_parser("partners", help="manage the tokens of partners' programs")
    commands = partners.add_subparsers(dest="partners_command", required=True, metavar="COMMAND")

    does = "issue a token and print it, only this once"
    issuing = add_command(commands, "token", _token, does, "partners token core --may plan-books")
    issuing.add_argument("partner", type=_partner, metavar="PARTNER", help="short name of the program's owner")
    add_may_and_days(issuing, partner_rights())
    add_command(commands, "list", _list, "show the tokens of a market, newest first", "partners list")
    ending = add_command(commands, "end", _end, "end a token at once", "partners end 12")
    add_number(ending)
    for command in (issuing, ending):
        add_by(command)


def _partner(text: str) -> str:
    if not PARTNER_NAME.fullmatch(text):
        raise argparse.ArgumentTypeError("a short name of small letters, digits and dashes, such as core")
    return text


def _token(arguments: argparse.Namespace) -> int:
    from mypolis.doors.integrations.flows import issue_token  # noqa: PLC0415 - needs Django set up

    profile = profile_named(arguments)
    if profile is None or not are_rights(arguments.may, partner_rights()):
        return 2
    token, text = issue_token(
        market=profile.code,
        partner=arguments.partner,
        may=arguments.may,
        life=timedelta(days=arguments.days),
        by=arguments.by,
    )
    if arguments.json:
        sys.stdout.write(json.dumps({**_row(token, profile), "token": text}) + "\n")
    else:
        sys.stdout.write(f"{text}\n")
        sys.stderr.write(f"{_line(_row(token, profile))}\nThe token is not shown again.\n")
    return 0


def _list(arguments: argparse.Namespace) -> int:
    from mypolis.doors.integrations.models import PartnerToken  # noqa: PLC0415 - needs Django set up

    profile = profile_named(arguments)
    if profile is None:
        return 2
    rows = [_row(token, profile) for token in PartnerToken.objects.filter(market=profile.code).order_by("-pk")]
    if arguments.json:
        sys.stdout.write(json.dumps({"tokens": rows}) + "\n")
    else:
        sys.stdout.write("".join(f"{_line(row)}\n" for row in rows) or "No partner has a token.\n")
    return 0


def _end(arguments: argparse.Namespace) -> int:
    from mypolis.doors.integrations.flows import end_token  # noqa: PLC0415 - needs Django set up

    profile = profile_named(arguments)
    if profile is None:
        return 2
    ended = end_token(market=profile.code, token_id=arguments.id, by=arguments.by)
    if arguments.json:
        sys.stdout.write(json.dumps({"ended": ended}) + "\n")
    return 0 if ended else failed("this market has no such active token")


def _row(token: "PartnerToken", profile: "Profile") -> dict[str, Any]:
    return {"partner": token.partner, **row_of(token, profile)}


def _line(row: dict[str, Any]) -> str:
    return f"{row['id']}  {row['partner']}  {line_of(row)}"
