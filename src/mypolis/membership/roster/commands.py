"""`mypolis roster load` and `mypolis roster report`. Imported before Django is set up."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mypolis.foundation.events.by_option import add_by

if TYPE_CHECKING:
    from mypolis.membership.roster.report import Report

    type Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_parser(subparsers: "Subparsers") -> None:
    """Add `roster` to the command line; each command's `run(arguments)` returns the exit code."""
    roster = subparsers.add_parser(
        "roster",
        help="load lists of insured people",
        description="Load lists of insured people.",
        epilog="Example: mypolis roster load list.csv --market ru --employer romashka",
    )
    commands = roster.add_subparsers(dest="roster_command", required=True, metavar="COMMAND")

    loading = commands.add_parser(
        "load",
        help="load a list (XLSX, XLS or CSV in UTF-8)",
        description="Load the good rows of a list and report the others. Exit code 1: some rows were refused.",
        epilog="Example: mypolis roster load list.csv --market ru --employer romashka --dry-run",
    )
    loading.add_argument(
        "file", type=Path, metavar="FILE", help="the list: XLSX, XLS or CSV in UTF-8; the first line names the columns"
    )
    loading.add_argument("--market", required=True, metavar="CODE", help="market of the list, such as ru")
    loading.add_argument("--employer", metavar="KEY", help="short name of the employer whose people these are")
    loading.add_argument("--policy", metavar="NO", help="policy number for rows without one")
    loading.add_argument("--dry-run", action="store_true", help="report what would happen, but change nothing")
    loading.add_argument("--no-invitations", action="store_true", help="leave invitations to the daily job")
    loading.add_argument("--json", action="store_true", help="print the report as JSON")
    add_by(loading, default="system")
    loading.set_defaults(run=_load)

    reporting = commands.add_parser(
        "report",
        help="print the report of an earlier load",
        description="Print the report of an earlier load.",
        epilog="Example: mypolis roster report 12 --json",
    )
    reporting.add_argument("id", type=int, metavar="ID", help="the report's number, which `load` printed")
    reporting.add_argument("--json", action="store_true", help="print the report as JSON")
    reporting.set_defaults(run=_report)


def _load(arguments: argparse.Namespace) -> int:
    from mypolis.foundation.markets import market_codes  # noqa: PLC0415 - needs Django set up
    from mypolis.membership.roster.flows import load  # noqa: PLC0415
    from mypolis.membership.roster.problems import RosterRefusedError  # noqa: PLC0415

    if arguments.market not in market_codes():
        known = ", ".join(market_codes())
        return _fail("unknown_market", f"--market must be one of: {known}", arguments, exit_code=2)
    try:
        report = load(
            market=arguments.market,
            path=arguments.file,
            employer=arguments.employer,
            policy_number=arguments.policy,
            dry_run=arguments.dry_run,
            invite_new=not arguments.no_invitations,
            by=arguments.by,
        )
    except RosterRefusedError as error:
        return _fail(error.code, error.message, arguments)
    _print(report, as_json=arguments.json)
    return 1 if report.rejected else 0


def _report(arguments: argparse.Namespace) -> int:
    from mypolis.membership.roster.models import RosterLoad  # noqa: PLC0415 - needs Django set up
    from mypolis.membership.roster.report import Report  # noqa: PLC0415

    kept = RosterLoad.objects.filter(pk=arguments.id).first()
    if kept is None:
        return _fail("not_found", "There is no such report.", arguments)
    _print(Report.of(kept), as_json=arguments.json)
    return 0


def _print(report: "Report", *, as_json: bool) -> None:
    text = json.dumps(report.as_json(), ensure_ascii=False) if as_json else report.as_text()
    sys.stdout.write(f"{text}\n")


def _fail(code: str, message: str, arguments: argparse.Namespace, *, exit_code: int = 1) -> int:
    sys.stderr.write(f"mypolis: {message}\n")
    if arguments.json:
        error = {"error": {"code": code, "message": message}}
        sys.stdout.write(f"{json.dumps(error, ensure_ascii=False)}\n")
    return exit_code
