"""What commands about members share: the market, and what a member typed. Imported before Django is set up."""

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypolis.foundation.markets import Profile

LONGEST = 320


def profile_named(arguments: argparse.Namespace) -> "Profile | None":
    """The market of `--market`; None, and told, where there is none."""
    from mypolis.foundation.markets import all_markets  # noqa: PLC0415 - needs Django set up

    found = all_markets().get(arguments.market)
    if found is None:
        sys.stderr.write(f"mypolis: --market must be one of: {', '.join(all_markets())}\n")
    return found


def typed(what: str) -> str:
    """One line of standard input, asked for where somebody sits there: arguments stay in histories."""
    if sys.stdin.isatty():
        sys.stderr.write(f"{what}: ")
        sys.stderr.flush()
    return sys.stdin.readline()[:LONGEST].strip()
