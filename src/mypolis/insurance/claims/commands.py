"""`mypolis claims list|show|decide|bill|duplicate|adjudicate|payments`. Imported before Django is set up."""

import argparse
import json
import re
import sys
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mypolis.foundation.events.by_option import add_by
from mypolis.foundation.markets.operator_input import profile_named
from mypolis.insurance.claims.clinic_bills.bill_commands import add_bill_parser
from mypolis.insurance.claims.decisions.decision_commands import add_adjudicate_parser
from mypolis.insurance.claims.payments.payment_commands import add_payments_parser

if TYPE_CHECKING:
    from mypolis.foundation.markets import Profile
    from mypolis.insurance.claims.models import Claim

    type Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

OUTCOMES = ("approved", "partly_approved", "rejected")
_LINE = re.compile(r"(?P<place>[1-9][0-9]{0,2})=(?P<granted>[^:]+)(:(?P<reasons>.+))?")


def add_parser(subparsers: "Subparsers") -> None:
    """Add `claims` to the command line; each command's `run(arguments)` returns the exit code."""
    claims = subparsers.add_parser("claims", help="list, show, decide, close and pay claims, or let the rules decide")
    commands = claims.add_subparsers(dest="claims_command", required=True, metavar="COMMAND")

    listing = _add(commands, "list", _list, "list sent claims, the promised day first, without names", "")
    listing.add_argument("--state", metavar="STATE", help="only claims in this state, such as in_review")
    listing.add_argument("--most", type=_count, default=50, metavar="N", help="at most so many (%(default)s)")

    showing = _add(commands, "show", _show, "show a claim without names and illness", "C-2026-000123")
    showing.add_argument("number", metavar="NUMBER", help="the claim's number")

    deciding = _add(
        commands, "decide", _decide, "decide a claim", "C-2026-000123 --outcome partly_approved --line 1=100:copayment"
    )
    deciding.add_argument("number", metavar="NUMBER", help="the claim's number")
    deciding.add_argument("--file", type=Path, metavar="FILE", help="the decision as JSON, as partners send it")
    deciding.add_argument("--outcome", choices=OUTCOMES, help="without --file: what was decided")
    deciding.add_argument(
        "--line",
        type=_line,
        action="append",
        default=[],
        metavar="PLACE=SUM[:REASON,…]",
        help="what is granted for a line, from 1; a line left out is granted in full, or nothing of a rejected claim",
    )
    deciding.add_argument("--reason", action="append", default=[], metavar="CODE", help="why a claim is rejected")
    add_by(deciding)

    add_bill_parser(commands)
    closing = _add(
        commands, "duplicate", _duplicate, "close a claim that was sent twice", "C-2026-000123 --of C-2026-000120"
    )
    closing.add_argument("number", metavar="NUMBER", help="the claim's number")
    closing.add_argument("--of", required=True, metavar="NUMBER", help="the number of the claim that goes on")
    add_by(closing)

    add_adjudicate_parser(commands)
    add_payments_parser(commands)


def _add(
    commands: "Subparsers", name: str, run: Callable[[argparse.Namespace], int], does: str, example: str
) -> argparse.ArgumentParser:
    epilog = f"Example: {' '.join(part for part in ('mypolis claims', name, example, '--market id') if part)}"
    command = commands.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}.", epilog=epilog)
    command.add_argument("--market", required=True, metavar="CODE", help="market of the claims, such as id")
    command.add_argument("--json", action="store_true", help="print the result as JSON")
    command.set_defaults(run=run)
    return command


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 10_000:
        raise argparse.ArgumentTypeError("a whole number from 1 to 10000")
    return int(text)


def _line(text: str) -> tuple[int, str, list[str]]:
    found = _LINE.fullmatch(text)
    if found is None:
        raise argparse.ArgumentTypeError("a line's place, the granted sum and reasons, such as 1=120000.00:copayment")
    return int(found["place"]), found["granted"], found["reasons"].split(",") if found["reasons"] else []


def _list(arguments: argparse.Namespace) -> int:
    from mypolis.insurance.claims.lifecycle.states import State  # noqa: PLC0415
    from mypolis.insurance.claims.models import Claim  # noqa: PLC0415 - needs Django set up

    profile = profile_named(arguments)
    if profile is None:
        return 2
    rows = Claim.objects.sent().filter(market=profile.code).order_by("promised_by", "number")
    if arguments.state:
        if arguments.state not in [state.value for state in State]:
            return _wrong(f"--state must be one of: {', '.join(state.value for state in State)}")
        rows = rows.filter(state=arguments.state)
    found = [_row(claim, profile) for claim in rows[: arguments.most]]
    if arguments.json:
        sys.stdout.write(json.dumps({"claims": found}) + "\n")
    else:
        sys.stdout.write("".join(f"{_text(row)}\n" for row in found) or "No claims.\n")
    return 0


def _show(arguments: argparse.Namespace) -> int:
    profile = profile_named(arguments)
    if profile is None:
        return 2
    claim = _claim(profile, arguments.number)
    if claim is None:
        return 1
    shown = {**_row(claim, profile), "lines": _lines(claim), "happened": _happened(claim, profile)}
    if arguments.json:
        sys.stdout.write(json.dumps(shown) + "\n")
        return 0
    sys.stdout.write(f"{_text(shown)}\n")
    for line in shown["lines"]:
        decided = f"  granted {line['granted']}  {', '.join(line['reasons'])}" if line["granted"] is not None else ""
        sys.stdout.write(f"  {line['place']}. {line['date']}  {line['amount']} {line['currency']}{decided}\n")
    for one in shown["happened"]:
        sys.stdout.write(f"  {one['at']}  {one['state']}  {one['by']}  {one['code']}\n".rstrip() + "\n")
    return 0


def _decide(arguments: argparse.Namespace) -> int:
    from mypolis.insurance.claims.core_system.message_reader import (  # noqa: PLC0415 - needs Django set up
        UnreadableMessage,
        read_message,
    )
    from mypolis.insurance.claims.core_system.reports import take_report  # noqa: PLC0415
    from mypolis.insurance.claims.core_system.schemas import DecisionBody  # noqa: PLC0415
    from mypolis.insurance.claims.core_system.verdicts import paid_of, verdict_of  # noqa: PLC0415
    from mypolis.insurance.claims.lifecycle.deciding import Contradicting, IdReused  # noqa: PLC0415
    from mypolis.insurance.claims.lifecycle.states import NotAllowed  # noqa: PLC0415

    profile = profile_named(arguments)
    if profile is None:
        return 2
    if (arguments.file is None) == (arguments.outcome is None):
        return _wrong("give either --file or --outcome")
    claim = _claim(profile, arguments.number)
    if claim is None:
        return 1
    try:
        said = arguments.file.read_text(encoding="utf-8") if arguments.file else json.dumps(_said(arguments, claim))
        body = read_message(DecisionBody, said)
        verdict = verdict_of(body, claim, "command")
        taken = take_report(claim=claim, verdict=verdict, paid=paid_of(body), by=arguments.by)
    except (OSError, UnicodeDecodeError, UnreadableMessage) as error:
        return _failed(str(error))
    except Contradicting as error:
        return _failed(error.problem)
    except NotAllowed as error:
        return _failed(f"the claim is {error.state}, which does not allow this")
    except IdReused:
        return _failed("this id was used before, with other content")
    result = {"number": claim.number, "id": body.id, "came_to": taken.came_to}
    sys.stdout.write(json.dumps(result) + "\n" if arguments.json else f"{claim.number}: {taken.came_to}\n")
    return 0


def _duplicate(arguments: argparse.Namespace) -> int:
    from mypolis.insurance.claims.lifecycle.duplicates import NotTheSame, close_as_duplicate  # noqa: PLC0415
    from mypolis.insurance.claims.lifecycle.states import NotAllowed  # noqa: PLC0415 - needs Django set up

    profile = profile_named(arguments)
    if profile is None:
        return 2
    claim, other = _claim(profile, arguments.number), _claim(profile, arguments.of)
    if claim is None or other is None:
        return 1
    try:
        close_as_duplicate(claim=claim, of=other, by=arguments.by)
    except NotTheSame:
        return _failed("the other claim is this one, is about another person, or has ended without a decision")
    except NotAllowed as error:
        return _failed(f"the claim is {error.state} or was decided, which does not allow this")
    result = {"number": claim.number, "duplicate_of": other.number}
    said = f"{claim.number}: closed as a duplicate of {other.number}\n"
    sys.stdout.write(json.dumps(result) + "\n" if arguments.json else said)
    return 0


def _said(arguments: argparse.Namespace, claim: "Claim") -> dict[str, Any]:
    """The decision of the options, as partners send it. Raises UnreadableMessage, Contradicting."""
    from django.utils import timezone  # noqa: PLC0415 - needs Django set up

    from mypolis.insurance.claims.core_system.message_reader import UnreadableMessage  # noqa: PLC0415
    from mypolis.insurance.claims.lifecycle.deciding import in_plan_currency  # noqa: PLC0415

    given = {place: (granted, reasons) for place, granted, reasons in arguments.line}
    is_rejected = arguments.outcome == "rejected"
    lines = []
    for place, line in enumerate(claim.lines.all(), start=1):
        usual = "0.00" if is_rejected else f"{in_plan_currency(line):.2f}"
        granted, reasons = given.pop(place, (usual, arguments.reason if is_rejected else []))
        lines.append({"line": str(line.pk), "granted": granted, "reasons": reasons})
    if given:
        raise UnreadableMessage(f"the claim has no line {min(given)}")
    now = timezone.now().isoformat()
    return {"id": f"command-{uuid.uuid4()}", "at": now, "outcome": arguments.outcome, "lines": lines}


def _claim(profile: "Profile", number: str) -> "Claim | None":
    from mypolis.insurance.claims.core_system.changes import sent_claim  # noqa: PLC0415 - needs Django set up

    found = sent_claim(profile, number)
    if found is None:
        _failed("this market has no such claim")
    return found


def _row(claim: "Claim", profile: "Profile") -> dict[str, Any]:
    return {
        "number": claim.number,
        "state": claim.state,
        "origin": claim.origin,
        "sent_at": _local(claim.sent_at, profile),
        "promised_by": claim.promised_by.isoformat() if claim.promised_by else None,
    }


def _lines(claim: "Claim") -> list[dict[str, Any]]:
    decision = claim.last_decision
    decided = {row.line_id: row for row in decision.lines.all()} if decision else {}
    return [
        {
            "place": place,
            "line": str(line.pk),
            "date": line.date.isoformat() if line.date else None,
            "amount": str(line.amount),
            "currency": line.currency,
            "granted": str(decided[line.pk].granted) if line.pk in decided else None,
            "reasons": [cut["code"] for cut in decided[line.pk].cuts] if line.pk in decided else [],
        }
        for place, line in enumerate(claim.lines.all(), start=1)
    ]


def _happened(claim: "Claim", profile: "Profile") -> list[dict[str, Any]]:
    rows: Iterable[Any] = claim.changes.order_by("at", "pk")
    return [{"at": _local(row.at, profile), "state": row.after, "by": row.by_kind, "code": row.code} for row in rows]


def _local(moment: datetime | None, profile: "Profile") -> str | None:
    return moment.astimezone(profile.zone).isoformat(timespec="minutes") if moment else None


def _text(row: dict[str, Any]) -> str:
    promised = f"  promised by {row['promised_by']}" if row["promised_by"] else ""
    return f"{row['number']}  {row['state']}  sent {row['sent_at']}{promised}"


def _wrong(text: str) -> int:
    sys.stderr.write(f"mypolis: {text}\n")
    return 2


def _failed(text: str) -> int:
    sys.stderr.write(f"mypolis: {text}\n")
    return 1
