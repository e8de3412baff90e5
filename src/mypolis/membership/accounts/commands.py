"""`mypolis usernames issue`. Imported before Django is set up."""

import argparse
import json
import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mypolis.foundation.events.by_option import add_by

if TYPE_CHECKING:
    from mypolis.membership.accounts.usernames.username_campaigns import Issuing

    type Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

_LARGEST_BATCH = 10_000
_EXAMPLE = "Example: mypolis usernames issue --market id --employer melati --dry-run"


def add_parser(subparsers: "Subparsers") -> None:
    """Add `usernames` to the command line; each command's `run(arguments)` returns the exit code."""
    usernames = subparsers.add_parser(
        "usernames", help="give members new usernames", description="Give members new usernames.", epilog=_EXAMPLE
    )
    commands = usernames.add_subparsers(dest="usernames_command", required=True, metavar="COMMAND")
    issuing = commands.add_parser(
        "issue", help="give members new usernames in bulk", description=_issue.__doc__, epilog=_EXAMPLE
    )
    issuing.add_argument("--market", required=True, metavar="CODE", help="market of the members, such as id")
    issuing.add_argument("--employer", metavar="KEY", help="only people on the policies of this employer")
    issuing.add_argument(
        "--campaign",
        type=_campaign,
        metavar="NAME",
        help="name of the campaign; it gives each member at most one username (default: today's date)",
    )
    issuing.add_argument(
        "--batch", type=_batch, default=500, metavar="N", help="members in one transaction (%(default)s)"
    )
    issuing.add_argument("--dry-run", action="store_true", help="report what would happen, but change nothing")
    issuing.add_argument("--json", action="store_true", help="print the result as JSON")
    add_by(issuing, default="system")
    issuing.set_defaults(run=_issue)


def _campaign(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,40}", text):
        raise argparse.ArgumentTypeError("a name has 1 to 40 letters a-z, digits, dots, hyphens and underscores")
    return text


def _batch(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _LARGEST_BATCH:
        raise argparse.ArgumentTypeError(f"a batch is a number from 1 to {_LARGEST_BATCH}")
    return int(text)


def _issue(arguments: argparse.Namespace) -> int:
    """Give each member a new username and send it by e-mail; passwords stay. If interrupted, run it again with the
    same --campaign: it continues where it stopped. Exit code 1: somebody could not get a new username.
    """
    from mypolis.foundation.markets import market_codes  # noqa: PLC0415 - needs Django set up
    from mypolis.membership.accounts.usernames.username_campaigns import (  # noqa: PLC0415
        IssuingRefusedError,
        campaign_of_today,
        issue_usernames,
    )

    market = arguments.market
    if market not in market_codes():
        known = ", ".join(market_codes())
        return _fail("unknown_market", f"--market must be one of: {known}", arguments, exit_code=2)
    try:
        campaign = arguments.campaign or campaign_of_today(market)
        # Printed before the work starts: the operator needs the name to resume after a crash.
        sys.stderr.write(f"mypolis: the campaign is {campaign}\n")
        done = issue_usernames(
            market=market,
            employer=arguments.employer,
            campaign=campaign,
            batch=arguments.batch,
            dry_run=arguments.dry_run,
            by=arguments.by,
        )
    except IssuingRefusedError as error:
        return _fail(error.code, error.message, arguments)
    text = json.dumps(done.as_json(), ensure_ascii=False) if arguments.json else "\n".join(_as_lines(done))
    sys.stdout.write(f"{text}\n")
    return 0 if done.is_complete else 1


def _as_lines(done: "Issuing") -> Iterator[str]:
    if done.dry_run:
        yield "Dry run: nothing was changed."
    yield f"New usernames: {done.issued:,}"
    yield f"Given by this campaign before: {done.before:,}"
    yield f"Without a confirmed e-mail address, username unchanged: {len(done.no_address):,}"
    for account in done.no_address:
        yield f"  account {account}"
    if done.left:
        yield f"In use by others just now: {done.left:,}. Run again with --campaign {done.campaign}."


def _fail(code: str, message: str, arguments: argparse.Namespace, *, exit_code: int = 1) -> int:
    sys.stderr.write(f"mypolis: {message}\n")
    if arguments.json:
        error = {"error": {"code": code, "message": message}}
        sys.stdout.write(f"{json.dumps(error, ensure_ascii=False)}\n")
    return exit_code
