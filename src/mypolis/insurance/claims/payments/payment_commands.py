"""`mypolis claims payments list|show|make|sign|file|results|withdraw`. Imported before Django is set up."""

import argparse
import json
import re
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mypolis.foundation.events.by_option import add_by
from mypolis.foundation.markets.operator_input import profile_named

if TYPE_CHECKING:
    from mypolis.foundation.markets import Profile
    from mypolis.insurance.claims.payments.listing import ListedRun

    type Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]
    type Answer = tuple[int, dict[str, Any], str]
    type Act = Callable[[argparse.Namespace, Profile], Answer]

_TOTAL = re.compile(r"(?P<currency>[A-Z]{3})=(?P<amount>[0-9]{1,12}(\.[0-9]{1,2})?)", re.ASCII)
_NUMBER = "P-2026-000001"


def add_payments_parser(commands: "Subparsers") -> None:
    """Add `payments` to `mypolis claims`; each command's `run(arguments)` returns the exit code."""
    payments = commands.add_parser("payments", help="pay members: files for the bank, signatures, the bank's results")
    deeper = payments.add_subparsers(dest="payments_command", required=True, metavar="COMMAND")

    listing = _add(deeper, "list", _list, "list payment runs, the newest first", "")
    listing.add_argument("--open", action="store_true", help="only runs that the bank has not answered completely")

    showing = _add(deeper, "show", _show, "show a run, with its lines and accounts masked", _NUMBER)
    showing.add_argument("number", metavar="NUMBER", help="the run's number")

    add_by(_add(deeper, "make", _make, "make a run of everything that is due", "--by staff:olga"))

    signing = _add(deeper, "sign", _sign, "sign a run's figures", f"{_NUMBER} --count 2 --total IDR=150000.00")
    signing.add_argument("number", metavar="NUMBER", help="the run's number")
    signing.add_argument("--count", type=int, required=True, metavar="N", help="how many payments it has")
    signing.add_argument(
        "--total",
        type=_total,
        action="append",
        required=True,
        metavar="CURRENCY=SUM",
        help="their sum; once for each currency",
    )
    add_by(signing)

    fetching = _add(deeper, "file", _file, "fetch the file of a signed run, once", f"{_NUMBER} --to {_NUMBER}.csv")
    fetching.add_argument("number", metavar="NUMBER", help="the run's number")
    fetching.add_argument("--to", type=Path, required=True, metavar="FILE", help="a new file, readable only by you")
    add_by(fetching)

    results = _add(deeper, "results", _results, "read the bank's results", "results.csv")
    results.add_argument("file", type=Path, metavar="FILE", help="CSV or XLSX with reference, state, date and code")
    add_by(results)

    withdrawing = _add(deeper, "withdraw", _withdraw, "give up a run; its payments are due again", _NUMBER)
    withdrawing.add_argument("number", metavar="NUMBER", help="the run's number")
    withdrawing.add_argument(
        "--bank-refused", action="store_true", help="the bank refused the whole file, so it pays nothing of it"
    )
    add_by(withdrawing)


def _add(deeper: "Subparsers", name: str, act: "Act", does: str, example: str) -> argparse.ArgumentParser:
    parts = ("mypolis claims payments", name, example, "--market id")
    epilog = f"Example: {' '.join(part for part in parts if part)}"
    command = deeper.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}.", epilog=epilog)
    command.add_argument("--market", required=True, metavar="CODE", help="market of the claims, such as id")
    command.add_argument("--json", action="store_true", help="print the result as JSON")
    command.set_defaults(run=lambda arguments: _run(arguments, act))
    return command


def _run(arguments: argparse.Namespace, act: "Act") -> int:
    """Print what `act` gives. Returns 1 if it is refused or needs a person, 2 if there is no such market."""
    from mypolis.foundation.lib.tables.table import TabularError  # noqa: PLC0415 - needs Django set up
    from mypolis.insurance.claims.payments.refusal_texts import REFUSALS  # noqa: PLC0415
    from mypolis.insurance.claims.payments.refusals import RunRefused  # noqa: PLC0415
    from mypolis.insurance.claims.payments.results_file import UnusableResults  # noqa: PLC0415

    profile = profile_named(arguments)
    if profile is None:
        return 2
    try:
        code, result, text = act(arguments, profile)
    except RunRefused as refused:
        claims = f" {', '.join(refused.claims)}" if refused.claims else ""
        return _failed(f"{REFUSALS[refused.code]}{claims}")
    except TabularError as error:
        return _failed(str(error.message))
    except (UnusableResults, OSError) as error:
        return _failed(str(error))
    sys.stdout.write(json.dumps(result) + "\n" if arguments.json else text)
    return code


def _total(text: str) -> tuple[str, Decimal]:
    found = _TOTAL.fullmatch(text)
    if found is None:
        raise argparse.ArgumentTypeError("a currency and a sum, such as IDR=150000.00")
    return found["currency"], Decimal(found["amount"])


def _list(arguments: argparse.Namespace, profile: "Profile") -> "Answer":
    from mypolis.insurance.claims.models import PaymentRun  # noqa: PLC0415 - needs Django set up
    from mypolis.insurance.claims.payments.listing import listed  # noqa: PLC0415

    rows = PaymentRun.objects.filter(market=profile.code).order_by("-made_at", "-pk")
    rows = rows.with_open_lines() if arguments.open else rows
    found = [_row(one) for one in listed(rows[:50])]
    return 0, {"runs": found}, "".join(f"{_text(row)}\n" for row in found) or "No payment runs.\n"


def _show(arguments: argparse.Namespace, profile: "Profile") -> "Answer":
    from mypolis.insurance.claims.payments.listing import listed  # noqa: PLC0415 - needs Django set up
    from mypolis.insurance.claims.payments.runs import find_run  # noqa: PLC0415

    run = find_run(profile, arguments.number)
    lines = [
        {
            "reference": line.reference,
            "amount": str(line.amount),
            "currency": line.currency,
            "account": line.shown,
            "state": line.state,
            "code": line.code,
        }
        for line in run.lines.all()
    ]
    row = {**_row(listed([run])[0]), "made_by": run.made_by, "signers": list(run.signers), "sha256": run.sha256}
    rows = "".join(f"  {'  '.join(line.values())}".rstrip() + "\n" for line in lines)
    made = f"  made by {run.made_by}; signed by {', '.join(run.signers) or 'nobody'}; SHA-256 {run.sha256}\n"
    return 0, {**row, "lines": lines}, f"{_text(row)}\n{made}{rows}"


def _make(arguments: argparse.Namespace, profile: "Profile") -> "Answer":
    from mypolis.insurance.claims.payments.listing import listed  # noqa: PLC0415 - needs Django set up
    from mypolis.insurance.claims.payments.refusal_texts import LEFT_OUT  # noqa: PLC0415
    from mypolis.insurance.claims.payments.runs import make_run  # noqa: PLC0415

    made = make_run(profile=profile, by=arguments.by)
    row = _row(listed([made.run])[0]) if made.run is not None else None
    left_out = [{"claim": one.claim, "code": one.code, "character": one.character} for one in made.left_out]
    told = [f"{one.claim}: {LEFT_OUT[one.code]} {one.character}".rstrip() + "\n" for one in made.left_out]
    text = f"{_text(row)}\n" if row is not None else "Nothing can be paid now.\n"
    return 0, {"run": row, "is_new": made.is_new, "left_out": left_out}, "".join([*told, text])


def _sign(arguments: argparse.Namespace, profile: "Profile") -> "Answer":
    from mypolis.foundation.lib.money import Money  # noqa: PLC0415 - needs Django set up
    from mypolis.insurance.claims.payments.runs import Figures  # noqa: PLC0415
    from mypolis.insurance.claims.payments.signing import sign  # noqa: PLC0415

    totals = tuple(Money(amount, currency) for currency, amount in sorted(arguments.total))
    figures = Figures(arguments.count, totals)
    # A name on a command line tells nothing about the person's family. The desk knows it.
    run = sign(
        profile=profile, number=arguments.number, figures=figures, by=arguments.by, concerned=lambda _cover: False
    )
    result = {"number": run.number, "state": run.state, "signers": list(run.signers)}
    return 0, result, f"{run.number}: signed by {' and '.join(run.signers)}\n"


def _file(arguments: argparse.Namespace, profile: "Profile") -> "Answer":
    """The file is created first, so that nobody's only fetch is lost because it cannot be written."""
    from mypolis.insurance.claims.payments.signing import fetch_file  # noqa: PLC0415 - needs Django set up

    path: Path = arguments.to
    path.touch(mode=0o600, exist_ok=False)
    try:
        file = fetch_file(profile=profile, number=arguments.number, by=arguments.by)
    except BaseException:
        path.unlink()
        raise
    path.write_bytes(file.content)
    return 0, {"file": str(path), "bytes": len(file.content)}, f"{path}: {len(file.content)} bytes\n"


def _results(arguments: argparse.Namespace, profile: "Profile") -> "Answer":
    from mypolis.insurance.claims.payments.refusal_texts import CAME_TO  # noqa: PLC0415 - needs Django set up
    from mypolis.insurance.claims.payments.results import NEWS, take_results  # noqa: PLC0415
    from mypolis.insurance.claims.payments.results_file import read_results  # noqa: PLC0415

    told = take_results(profile=profile, results=read_results(arguments.file), by=arguments.by)
    unclear = [one for one in told if one.came_to not in NEWS]
    taken = sum(one.came_to == "taken" for one in told)
    lines = [{"line": one.line, "reference": one.reference, "came_to": one.came_to} for one in told]
    text = "".join(f"line {one.line}  {one.reference or '–'}: {CAME_TO[one.came_to]}\n" for one in unclear)
    text += f"Recorded: {taken}; known before: {len(told) - taken - len(unclear)}; for a person: {len(unclear)}.\n"
    return 1 if unclear else 0, {"taken": taken, "lines": lines}, text


def _withdraw(arguments: argparse.Namespace, profile: "Profile") -> "Answer":
    from mypolis.insurance.claims.payments.runs import withdraw_run  # noqa: PLC0415 - needs Django set up

    run = withdraw_run(
        profile=profile, number=arguments.number, by=arguments.by, was_refused_by_bank=arguments.bank_refused
    )
    return 0, {"number": run.number, "state": run.state}, f"{run.number}: withdrawn\n"


def _row(one: "ListedRun") -> dict[str, Any]:
    return {
        "number": one.run.number,
        "state": one.state,
        "count": one.figures.count,
        "totals": {money.currency: f"{money.amount:.2f}" for money in one.figures.totals},
        "open": one.open_lines,
        "failed": one.failed,
        "waiting_days": one.waiting_days,
    }


def _text(row: dict[str, Any]) -> str:
    totals = ", ".join(f"{currency} {amount}" for currency, amount in row["totals"].items())
    waiting = f"  {row['open']} unanswered for {row['waiting_days']} days" if row["waiting_days"] is not None else ""
    return f"{row['number']}  {row['state']}  {row['count']} payments  {totals}{waiting}"


def _failed(text: str) -> int:
    sys.stderr.write(f"mypolis: {text}\n")
    return 1
