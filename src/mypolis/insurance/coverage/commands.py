"""`mypolis cover`: plan books, feeds, payments and documents of policies. Imported before Django is set up."""

import argparse
import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mypolis.foundation.events.by_option import add_by
from mypolis.foundation.lib.dates import DateError, parse_moment
from mypolis.insurance.coverage.documents.document_commands import add_document_parser

if TYPE_CHECKING:
    from mypolis.foundation.lib.tables.table_reader import TabularError
    from mypolis.insurance.coverage.feeds.feed import FeedReport, OnProblem
    from mypolis.insurance.coverage.plan_books.loading import BookReport

    type Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_parser(subparsers: "Subparsers") -> None:
    """Add `cover` to the command line; each command's `run(arguments)` returns the exit code."""
    cover = subparsers.add_parser(
        "cover",
        help="load plan books, and what members use of them",
        description="Load plan books, and what members use of them.",
        epilog="Example: mypolis cover load plans.yaml --market id",
    )
    commands = cover.add_subparsers(dest="cover_command", required=True, metavar="COMMAND")

    loading = _add(commands, "load", _load, "load a plan book (YAML or JSON)", "plans.yaml --market id --dry-run")
    loading.add_argument("file", type=Path, metavar="FILE", help="the plan book")
    loading.add_argument("--market", required=True, metavar="CODE", help="market of the book, such as id")
    loading.add_argument("--dry-run", action="store_true", help="report what would happen, and change nothing")
    loading.add_argument("--json", action="store_true", help="print the report as JSON")

    feeding = _add(commands, "feed", _feed, "load the core system's entries", "entries.csv --market id")
    feeding.add_argument("file", type=Path, metavar="FILE", help="CSV, XLSX, or .jsonl with one object a line")
    feeding.add_argument("--market", required=True, metavar="CODE", help="market of the entries, such as id")
    feeding.add_argument("--as-of", type=_moment, metavar="TIME", help="time of the core system's data (default: now)")
    feeding.add_argument("--json", action="store_true", help="print the report as JSON")

    paying = _add(commands, "payments", _payments, "load billing's list of payments", "due.csv --market rs")
    paying.add_argument("file", type=Path, metavar="FILE", help="CSV or XLSX")
    paying.add_argument("--market", required=True, metavar="CODE", help="market of the policies, such as rs")
    paying.add_argument("--json", action="store_true", help="print the report as JSON")

    add_document_parser(commands)

    verifying = _add(commands, "verify", _verify, "compare the balances with the whole ledger", "--mend")
    verifying.add_argument("--mend", action="store_true", help="rewrite the balances if they differ")
    for command in (loading, feeding, paying, verifying):
        add_by(command, default="system")

    schema = _add(commands, "schema", _schema, "print the JSON Schema of plan books", "> plan-book.schema.json")
    schema.set_defaults(needs="settings")


def _add(
    commands: "Subparsers", name: str, run: Callable[[argparse.Namespace], int], does: str, example: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name,
        help=does,
        description=f"{does[0].upper()}{does[1:]}.",
        epilog=f"Example: mypolis cover {name} {example}",
    )
    parser.set_defaults(run=run)
    return parser


def _moment(text: str) -> datetime:
    try:
        return parse_moment(text)
    except DateError:
        raise argparse.ArgumentTypeError("a time with its zone, such as 2026-11-24T06:00:00+07:00") from None


def _load(arguments: argparse.Namespace) -> int:
    from mypolis.insurance.coverage.plan_books.book_rules import BookRefusedError  # noqa: PLC0415 - needs Django set up
    from mypolis.insurance.coverage.plan_books.loading import load_book  # noqa: PLC0415

    if (wrong := _wrong_market(arguments)) is not None:
        return wrong
    try:
        report = load_book(market=arguments.market, book=arguments.file, by=arguments.by, dry_run=arguments.dry_run)
    except BookRefusedError as error:
        for problem in error.problems:
            print(problem.as_text(str(arguments.file)), file=sys.stderr)
        if arguments.json:
            _print_json({"errors": [{"file": str(arguments.file), **one.as_json()} for one in error.problems]})
        return 1
    if arguments.json:
        _print_json({**report.as_json(), "errors": []})
    else:
        print("\n".join(_report_lines(report)))
    return 0


def _report_lines(report: "BookReport") -> list[str]:
    counts = f"New: {len(report.new)}, changed: {len(report.changed)}, unchanged: {len(report.unchanged)}"
    lines = [f"{counts}, from {report.effective.isoformat()}."]
    lines += [f"  not in this book, unchanged: {plan}" for plan in report.left_out]
    lines += [
        f"  {members} members of type {kind} have a plan that is in no book: {word or '(none)'}"
        for kind, word, members in report.unknown
    ]
    return lines


def _feed(arguments: argparse.Namespace) -> int:
    from mypolis.foundation.lib.tables.table_reader import TabularError  # noqa: PLC0415
    from mypolis.insurance.coverage.feeds.feed import load_feed  # noqa: PLC0415 - needs Django set up

    if (wrong := _wrong_market(arguments)) is not None:
        return wrong
    try:
        report = load_feed(
            market=arguments.market,
            path=arguments.file,
            by=arguments.by,
            as_of=arguments.as_of,
            on_problem=_problem_printer(arguments),
        )
    except TabularError as error:
        return _no_table(error, arguments)
    return _print_report(report, arguments)


def _no_table(error: "TabularError", arguments: argparse.Namespace) -> int:
    print(f"mypolis: {error.message}", file=sys.stderr)
    if arguments.json:
        _print_json({"error": {"code": error.code, "message": str(error.message)}})
    return 1


def _problem_printer(arguments: argparse.Namespace) -> "OnProblem":
    """A callback that prints every problem immediately, since there may be too many to hold in memory."""
    return lambda problem: print(problem.as_text(str(arguments.file)), file=sys.stderr)


def _print_report(report: "FeedReport", arguments: argparse.Namespace) -> int:
    if arguments.json:
        _print_json(report.as_json())
    else:
        print(f"Rows: {report.rows}. Taken: {report.taken}, known: {report.repeated}, refused: {report.refused}.")
    return 1 if report.refused else 0


def _payments(arguments: argparse.Namespace) -> int:
    from mypolis.foundation.lib.tables.table_reader import TabularError  # noqa: PLC0415
    from mypolis.insurance.coverage.billing.payments import load_payments  # noqa: PLC0415 - needs Django set up

    if (wrong := _wrong_market(arguments)) is not None:
        return wrong
    try:
        report = load_payments(
            market=arguments.market, path=arguments.file, by=arguments.by, on_problem=_problem_printer(arguments)
        )
    except TabularError as error:
        return _no_table(error, arguments)
    return _print_report(report, arguments)


def _verify(arguments: argparse.Namespace) -> int:
    from mypolis.insurance.coverage.ledger.balance_check import mend, verify  # noqa: PLC0415 - needs Django set up

    differing = mend(by=arguments.by) if arguments.mend else verify()
    print(f"Balances that differ from the ledger: {differing}{' (mended)' if arguments.mend and differing else ''}.")
    return 1 if differing and not arguments.mend else 0


def _schema(_arguments: argparse.Namespace) -> int:
    from mypolis.insurance.coverage.plan_books.book import json_schema  # noqa: PLC0415 - needs Django set up

    print(json.dumps(json_schema(), ensure_ascii=False, indent=2))
    return 0


def _wrong_market(arguments: argparse.Namespace) -> int | None:
    from mypolis.foundation.markets import market_codes  # noqa: PLC0415 - needs Django set up

    if arguments.market in market_codes():
        return None
    message = f"--market must be one of: {', '.join(market_codes())}"
    print(f"mypolis: {message}", file=sys.stderr)
    if arguments.json:
        _print_json({"error": {"code": "unknown_market", "message": message}})
    return 2


def _print_json(document: dict[str, Any]) -> None:
    print(json.dumps(document, ensure_ascii=False))
