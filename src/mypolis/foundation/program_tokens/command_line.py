"""What commands about tokens share: their options, and how they print a token. Imported before Django is set up."""

import argparse
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from mypolis.foundation.program_tokens.rights import LONGEST_LIFE, USUAL_LIFE

if TYPE_CHECKING:
    from mypolis.foundation.markets import Profile
    from mypolis.foundation.program_tokens.models import ProgramToken

    type Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_command(
    commands: "Subparsers", name: str, run: Callable[[argparse.Namespace], int], does: str, example: str
) -> argparse.ArgumentParser:
    """Add one command for one market, with `--json`. `example` is how to call it, without the market."""
    epilog = f"Example: mypolis {example} --market id"
    command = commands.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}.", epilog=epilog)
    command.add_argument("--market", required=True, metavar="MARKET", help="market that it is for, such as id")
    command.add_argument("--json", action="store_true", help="print the result as JSON")
    command.set_defaults(run=run)
    return command


def add_may_and_days(issuing: argparse.ArgumentParser, rights: Mapping[str, str], *, default: str = "") -> None:
    """Add what a new token allows, and for how long. Without a `default`, `--may` is required."""
    allows = "; ".join(f"{right}: {does}" for right, does in rights.items())
    words = f"{allows} (default: {default})" if default else allows
    issuing.add_argument("--may", action="append", required=not default, metavar="WHAT", help=words)
    days = "days until it expires (%(default)s)"
    issuing.add_argument("--days", type=_days, default=USUAL_LIFE.days, metavar="N", help=days)


def add_number(ending: argparse.ArgumentParser) -> None:
    """Add which token is meant."""
    ending.add_argument("id", type=int, metavar="ID", help="the token's number, as `list` shows it")


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= LONGEST_LIFE.days:
        raise argparse.ArgumentTypeError(f"a whole number of days from 1 to {LONGEST_LIFE.days}")
    return int(text)


def are_rights(given: list[str], rights: Mapping[str, str]) -> bool:
    """Whether all that was given are rights; else it says on standard error which there are."""
    if not set(given) - rights.keys():
        return True
    sys.stderr.write(f"mypolis: --may must be one of: {', '.join(rights)}\n")
    return False


def failed(*problems: str) -> int:
    """Say what is wrong. Returns the exit code."""
    sys.stderr.write("".join(f"mypolis: {one}\n" for one in problems))
    return 1


def row_of(token: "ProgramToken", profile: "Profile") -> dict[str, Any]:
    """Return a token as JSON shows it: number, rights, state, and times by the market's clock."""
    from django.utils import timezone  # noqa: PLC0415 - needs Django set up

    def local(moment: Any) -> str | None:
        return timezone.localtime(moment, profile.zone).isoformat(timespec="minutes") if moment else None

    state = "active" if token.is_active(timezone.now()) else "ended"
    times = {name: local(getattr(token, name)) for name in ("issued_at", "ends_at", "ended_at", "last_used_at")}
    return {"id": token.pk, "may": token.may, "state": state, **times}


def line_of(row: Mapping[str, Any]) -> str:
    """Return the row as a line, without its number."""
    used = f"last used {row['last_used_at']}" if row["last_used_at"] else "not used yet"
    until = row["ended_at"] or row["ends_at"]
    return f"{row['state']}, until {until}  may: {', '.join(row['may'])}  {used}"
