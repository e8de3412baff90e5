"""`mypolis partners token|list|end`. Imported before Django is set up."""

import argparse
import json
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from mypolis.doors.integrations.rights import LONGEST_LIFE, PARTNER_NAME, USUAL_LIFE, partner_rights
from mypolis.foundation.events.by_option import add_by
from mypolis.foundation.markets.operator_input import profile_named

if TYPE_CHECKING:
    from mypolis.doors.integrations.models import PartnerToken
    from mypolis.foundation.markets import Profile

    type Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_parser(subparsers: "Subparsers") -> None:
    """Add `partners` to the command line; each command's `run(arguments)` returns the exit code."""
    partners = subparsers.add_parser("partners", help="manage the tokens of partners' programs")
    commands = partners.add_subparsers(dest="partners_command", required=True, metavar="COMMAND")

    issuing = _add(commands, "token", _token, "issue a token and print it, only this once", "core --may plan-books")
    rights = "; ".join(f"{right}: {does}" for right, does in partner_rights().items())
    issuing.add_argument("partner", type=_partner, metavar="PARTNER", help="short name of the program's owner")
    issuing.add_argument("--may", action="append", required=True, metavar="WHAT", help=rights)
    issuing.add_argument(
        "--days", type=_days, default=USUAL_LIFE.days, metavar="N", help="days until it expires (%(default)s)"
    )

    _add(commands, "list", _list, "show the tokens of a market, newest first", "")
    ending = _add(commands, "end", _end, "end a token at once", "12")
    ending.add_argument("id", type=int, metavar="ID", help="the token's number, as `list` shows it")
    for command in (issuing, ending):
        add_by(command)


def _add(commands: "Subparsers", name: str, run: Any, does: str, example: str) -> argparse.ArgumentParser:
    epilog = f"Example: mypolis partners {name} {example} --market id".replace("  ", " ")
    command = commands.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}.", epilog=epilog)
    command.add_argument("--market", required=True, metavar="CODE", help="market that it is for, such as id")
    command.add_argument("--json", action="store_true", help="print the result as JSON")
    command.set_defaults(run=run)
    return command


def _partner(text: str) -> str:
    if not PARTNER_NAME.fullmatch(text):
        raise argparse.ArgumentTypeError("a short name of small letters, digits and dashes, such as core")
    return text


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= LONGEST_LIFE.days:
        raise argparse.ArgumentTypeError(f"a whole number of days from 1 to {LONGEST_LIFE.days}")
    return int(text)


def _token(arguments: argparse.Namespace) -> int:
    from mypolis.doors.integrations.flows import issue_token  # noqa: PLC0415 - needs Django set up

    profile = profile_named(arguments)
    if profile is None:
        return 2
    if set(arguments.may) - partner_rights().keys():
        sys.stderr.write(f"mypolis: --may must be one of: {', '.join(partner_rights())}\n")
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
    if ended:
        return 0
    sys.stderr.write("mypolis: this market has no such active token\n")
    return 1


def _row(token: "PartnerToken", profile: "Profile") -> dict[str, Any]:
    from django.utils import timezone  # noqa: PLC0415 - needs Django set up

    def local(moment: Any) -> str | None:
        return timezone.localtime(moment, profile.zone).isoformat(timespec="minutes") if moment else None

    state = "stands" if token.is_active(timezone.now()) else "ended"
    times = {name: local(getattr(token, name)) for name in ("issued_at", "ends_at", "ended_at", "last_used_at")}
    return {"id": token.pk, "partner": token.partner, "may": token.may, "state": state, **times}


def _line(row: dict[str, Any]) -> str:
    used = f"last used {row['last_used_at']}" if row["last_used_at"] else "not used yet"
    until = row["ended_at"] or row["ends_at"]
    return f"{row['id']}  {row['partner']}  {row['state']}, until {until}  may: {', '.join(row['may'])}  {used}"
