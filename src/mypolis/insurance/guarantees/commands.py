"""`mypolis guarantees list|decide|revoke`. Imported before Django is set up."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from mypolis.foundation.events.by_option import add_by
from mypolis.foundation.lib.text.clean_text import UnsafeText, clean_line
from mypolis.foundation.markets.operator_input import profile_named
from mypolis.insurance.guarantees.lifecycle.reasons import OTHER, REFUSALS, REVOCATIONS
from mypolis.insurance.guarantees.lifecycle.states import NotAllowed, State

if TYPE_CHECKING:
    from mypolis.foundation.markets import Profile
    from mypolis.insurance.guarantees.models import Guarantee

    type Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

OUTCOMES = ("given", "extended", "final", "refused")
_LONGEST = 1_000


def add_parser(subparsers: "Subparsers") -> None:
    """Add `guarantees` to the command line; each command's `run(arguments)` returns the exit code."""
    guarantees = subparsers.add_parser("guarantees", help="list guarantees, decide about them, revoke letters")
    commands = guarantees.add_subparsers(dest="guarantees_command", required=True, metavar="COMMAND")

    listing = _add(commands, "list", _list, "list guarantees, the oldest first, without names and treatments", "")
    states = [state.value for state in State]
    listing.add_argument(
        "--state", default="asked", choices=states, metavar="STATE", help="only those in this state (%(default)s)"
    )
    listing.add_argument("--most", type=_count, default=50, metavar="N", help="at most so many (%(default)s)")

    example = "G-2026-00012345 --outcome given --expected 1500000"
    deciding = _add(commands, "decide", _decide, "give, extend, make final or refuse a guarantee", example)
    deciding.add_argument("number", metavar="NUMBER", help="the guarantee's number")
    deciding.add_argument("--outcome", choices=OUTCOMES, required=True, help="what is decided")
    deciding.add_argument("--expected", type=_sum, metavar="SUM", help="what the clinic has not billed yet")
    deciding.add_argument("--until", type=_day, metavar="DAY", help="a later last day of treatment, to extend")
    deciding.add_argument("--valid-until", type=_day, metavar="DAY", help="the last day of the letter")
    deciding.add_argument("--conditions", type=_text, metavar="TEXT", help="for the clinic and the member")
    _add_reason(deciding, REFUSALS, is_required=False)

    revoking = _add(commands, "revoke", _revoke, "take a letter back", "G-2026-00012345 --reason cancelled")
    revoking.add_argument("number", metavar="NUMBER", help="the guarantee's number")
    _add_reason(revoking, REVOCATIONS, is_required=True)
    for command in (deciding, revoking):
        add_by(command)


def _add(
    commands: "Subparsers", name: str, run: Callable[[argparse.Namespace], int], does: str, example: str
) -> argparse.ArgumentParser:
    epilog = f"Example: {' '.join(part for part in ('mypolis guarantees', name, example, '--market id') if part)}"
    command = commands.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}.", epilog=epilog)
    command.add_argument("--market", required=True, metavar="CODE", help="market of the guarantees, such as id")
    command.add_argument("--json", action="store_true", help="print the result as JSON")
    command.set_defaults(run=run)
    return command


def _add_reason(command: argparse.ArgumentParser, codes: Iterable[str], *, is_required: bool) -> None:
    command.add_argument("--reason", choices=[*codes, OTHER], required=is_required, help="why; the member reads it")
    command.add_argument("--words", type=_text, default="", metavar="TEXT", help="more for the member to read")


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 10_000:
        raise argparse.ArgumentTypeError("a whole number from 1 to 10000")
    return int(text)


def _sum(text: str) -> Decimal:
    try:
        found = Decimal(text)
        is_good = found.is_finite() and 0 < found < 10**12 and found == found.quantize(Decimal("0.01"))
    except InvalidOperation:
        is_good = False
    if not is_good:
        raise argparse.ArgumentTypeError("a sum above zero, such as 1500000.00")
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a day, such as 2026-12-31") from None


def _text(text: str) -> str:
    try:
        return clean_line(text, max_length=_LONGEST)
    except UnsafeText:
        raise argparse.ArgumentTypeError(
            f"a text of at most {_LONGEST} characters, without control characters"
        ) from None


def _list(arguments: argparse.Namespace) -> int:
    from mypolis.insurance.guarantees.models import Guarantee  # noqa: PLC0415 - needs Django set up

    profile = profile_named(arguments)
    if profile is None:
        return 2
    rows = Guarantee.objects.filter(market=profile.code, state=arguments.state).order_by("asked_at", "pk")
    found = [_row(one, profile) for one in rows[: arguments.most]]
    if arguments.json:
        sys.stdout.write(json.dumps({"guarantees": found}) + "\n")
    else:
        sys.stdout.write("".join(f"{_line(row)}\n" for row in found) or "No guarantees.\n")
    return 0


def _decide(arguments: argparse.Namespace) -> int:
    from mypolis.insurance.guarantees.lifecycle.deciding import (  # noqa: PLC0415 - needs Django set up
        Terms,
        refuse,
        write_letter,
    )

    if arguments.outcome == "refused":
        if arguments.reason is None:
            sys.stderr.write("mypolis: a refusal needs --reason\n")
            return 2
        return _act(
            arguments,
            lambda one: refuse(guarantee=one, code=arguments.reason, reason=arguments.words, by=arguments.by),
        )
    terms = Terms(
        expected=arguments.expected,
        planned_to=arguments.until,
        valid_until=arguments.valid_until,
        conditions=arguments.conditions,
    )
    to = State(arguments.outcome)
    return _act(arguments, lambda one: write_letter(guarantee=one, to=to, terms=terms, by=arguments.by))


def _revoke(arguments: argparse.Namespace) -> int:
    from mypolis.insurance.guarantees.lifecycle.deciding import revoke  # noqa: PLC0415 - needs Django set up

    return _act(
        arguments, lambda one: revoke(guarantee=one, code=arguments.reason, reason=arguments.words, by=arguments.by)
    )


def _act(arguments: argparse.Namespace, act: "Callable[[Guarantee], Guarantee]") -> int:
    """Find the guarantee, act, and print what came of it."""
    from mypolis.insurance.guarantees.lifecycle.deciding import (  # noqa: PLC0415 - needs Django set up
        BadTerms,
        NothingToPromise,
        ReasonMissing,
    )
    from mypolis.insurance.guarantees.models import Guarantee  # noqa: PLC0415

    profile = profile_named(arguments)
    if profile is None:
        return 2
    found = Guarantee.objects.filter(market=profile.code, number=arguments.number).first()
    if found is None:
        return _failed("this market has no such guarantee")
    try:
        done = act(found)
    except NotAllowed as error:
        return _failed(f"the guarantee is {error.state}, which does not allow this")
    except NothingToPromise as error:
        return _failed(f"the plan would pay nothing: {', '.join(error.reasons)}")
    except ReasonMissing:
        return _failed("the reason “other” needs --words")
    except BadTerms as error:
        return _failed(f"{error.field}: {error}")
    row = _row(done, profile)
    sys.stdout.write(json.dumps(row) + "\n" if arguments.json else f"{_line(row)}\n")
    return 0


def _row(one: "Guarantee", profile: "Profile") -> dict[str, Any]:
    is_promised = one.valid_until is not None
    return {
        "number": one.number,
        "state": one.state,
        "asked_at": _local(one.asked_at, profile),
        "planned_from": one.planned_from.isoformat(),
        "expected": f"{one.expected:.2f}",
        "promised": f"{one.promised:.2f}" if is_promised else None,
        "own_share": f"{one.own_share:.2f}" if is_promised else None,
        "currency": one.currency,
        "valid_until": one.valid_until.isoformat() if one.valid_until is not None else None,
    }


def _local(moment: datetime, profile: "Profile") -> str:
    return moment.astimezone(profile.zone).isoformat(timespec="minutes")


def _line(row: dict[str, Any]) -> str:
    promised = f"  promised {row['promised']}, until {row['valid_until']}" if row["promised"] else ""
    expected = f"expected {row['expected']} {row['currency']}"
    return f"{row['number']}  {row['state']}  asked {row['asked_at']}  for {row['planned_from']}  {expected}{promised}"


def _failed(problem: str) -> int:
    sys.stderr.write(f"mypolis: {problem}\n")
    return 1
