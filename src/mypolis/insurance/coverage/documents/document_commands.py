"""`mypolis cover document add` and `remove`. Imported before Django is set up."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mypolis.foundation.events.by_option import add_by

if TYPE_CHECKING:
    type Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

_KINDS = ("contract", "rules", "programme", "receipt", "other")


def add_document_parser(commands: "Subparsers") -> None:
    """Add `document` with its two subcommands."""
    document = commands.add_parser(
        "document",
        help="add documents to policies: contract, rules, programme, receipts",
        description="Add documents to policies: contract, rules, programme, receipts.",
        epilog="Example: mypolis cover document add rules.pdf --market rs --policy LO-4154 --kind rules",
    )
    verbs = document.add_subparsers(dest="document_command", required=True, metavar="COMMAND")
    adding = verbs.add_parser(
        "add", help="store a PDF, JPEG or PNG, encrypted", description="Store a PDF, JPEG or PNG, encrypted."
    )
    adding.add_argument("file", type=Path, metavar="FILE", help="the document, at most 20 MB")
    adding.add_argument("--market", required=True, metavar="CODE", help="market of the policy, such as rs")
    adding.add_argument(
        "--policy", required=True, metavar="NUMBER", help="everybody on this policy may read it, unless:"
    )
    adding.add_argument("--policy-type", default="", metavar="TYPE", help="needed if several policies have the number")
    whose = adding.add_mutually_exclusive_group()
    whose.add_argument("--participant-number", default="", metavar="NUMBER", help="only this member may read it")
    whose.add_argument("--employee-number", default="", metavar="NUMBER", help="only this employee may read it")
    whose.add_argument("--personal", action="store_true", help="only the one person who is on the policy may read it")
    adding.add_argument("--kind", required=True, choices=_KINDS)
    adding.add_argument("--name", default="", metavar="TEXT", help="the name that people see (default: the file's)")
    adding.add_argument("--json", action="store_true", help="print the report as JSON")
    add_by(adding, default="system")
    adding.set_defaults(run=_add)
    removing = verbs.add_parser("remove", help="delete a document for ever", description="Delete a document for ever.")
    removing.add_argument("document", metavar="ID", help="the id that `add` printed")
    removing.add_argument("--market", required=True, metavar="CODE")
    add_by(removing, default="system")
    removing.set_defaults(run=_remove)


def _add(arguments: argparse.Namespace) -> int:
    from mypolis.insurance.coverage.documents.policy_documents import REFUSALS, DocumentRefused, Place, add_document  # noqa: PLC0415 - needs Django set up

    if (wrong := _wrong_market(arguments)) is not None:
        return wrong
    place = Place(
        policy_number=arguments.policy,
        policy_type=arguments.policy_type,
        participant_number=arguments.participant_number,
        employee_number=arguments.employee_number,
        alone=arguments.personal,
    )
    try:
        file = add_document(
            market=arguments.market,
            place=place,
            kind=arguments.kind,
            path=arguments.file,
            name=arguments.name,
            by=arguments.by,
        )
    except DocumentRefused as error:
        message = str(REFUSALS[error.code])
        print(f"mypolis: {message}", file=sys.stderr)
        if arguments.json:
            print(json.dumps({"error": {"code": error.code, "message": message}}, ensure_ascii=False))
        return 1
    print(json.dumps({"id": str(file.pk)}) if arguments.json else f"Stored as {file.pk}.")
    return 0


def _remove(arguments: argparse.Namespace) -> int:
    from mypolis.insurance.coverage.documents.policy_documents import remove_document  # noqa: PLC0415 - needs Django set up

    if (wrong := _wrong_market(arguments)) is not None:
        return wrong
    if remove_document(market=arguments.market, document=arguments.document, by=arguments.by):
        return 0
    print("mypolis: there is no such document of a policy.", file=sys.stderr)
    return 1


def _wrong_market(arguments: argparse.Namespace) -> int | None:
    from mypolis.foundation.markets import market_codes  # noqa: PLC0415 - needs Django set up

    if arguments.market in market_codes():
        return None
    print(f"mypolis: --market must be one of: {', '.join(market_codes())}", file=sys.stderr)
    return 2
