"""`mypolis claims adjudicate`. Imported before Django is set up."""

import argparse
import json
import sys
from typing import TYPE_CHECKING

from mypolis.foundation.events.by_option import add_by
from mypolis.foundation.markets.operator_input import profile_named

if TYPE_CHECKING:
    from mypolis.insurance.claims.decisions.by_rules import Report

    type Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

_UNDECIDED = {
    "question": "the plan or an exchange rate is unknown",
    "no_lines": "there is no bill, or one is not complete",
    "not_theirs": "the member says that this treatment was not theirs",
    "repeated": "a bill came with another claim, too, or is in this one twice",
    "not_ready": "no claim of this market with this number waits for its first decision, or somebody is changing it",
}


def add_adjudicate_parser(commands: "Subparsers") -> None:
    """Add `adjudicate` to `mypolis claims`; its `run(arguments)` returns the exit code."""
    deciding = commands.add_parser(
        "adjudicate",
        help="let the rules decide claims that are ready",
        description="Let the rules decide claims that have all their papers. Appeals stay for people.",
        epilog="Example: mypolis claims adjudicate C-2026-000123 --market id",
    )
    deciding.add_argument("numbers", nargs="*", metavar="NUMBER", help="claims to decide (default: all that are ready)")
    deciding.add_argument("--market", required=True, metavar="CODE", help="market of the claims, such as id")
    deciding.add_argument("--dry-run", action="store_true", help="report what would be decided, and change nothing")
    deciding.add_argument("--json", action="store_true", help="print the report as JSON")
    add_by(deciding, default="system")
    deciding.set_defaults(run=_adjudicate)


def _adjudicate(arguments: argparse.Namespace) -> int:
    """Returns 1 if a claim could not be decided, 2 if there is no such market."""
    from mypolis.insurance.claims.decisions.by_rules import adjudicate_claims  # noqa: PLC0415 - needs Django set up

    profile = profile_named(arguments)
    if profile is None:
        return 2
    report = adjudicate_claims(
        market=profile.code, numbers=arguments.numbers, by=arguments.by, is_dry_run=arguments.dry_run
    )
    sys.stdout.write(_as_json(report) if arguments.json else _as_text(report))
    return 1 if report.undecided else 0


def _as_json(report: "Report") -> str:
    counts = {"approved": report.approved, "partly_approved": report.partly_approved, "rejected": report.rejected}
    return json.dumps({"decided": report.decided, **counts, "undecided": report.undecided}) + "\n"


def _as_text(report: "Report") -> str:
    lines = [f"{number}: {_UNDECIDED[code]}" for number, code in report.undecided.items()]
    counts = f"{report.approved} approved, {report.partly_approved} partly approved, {report.rejected} rejected"
    return "\n".join([*lines, f"Decided: {report.decided} ({counts}); left undecided: {len(report.undecided)}."]) + "\n"
