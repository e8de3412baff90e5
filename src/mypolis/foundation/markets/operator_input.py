"""Input shared by commands about members: the market and typed text. Imported before Django is set up."""

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypolis.foundation.markets import Profile

LONGEST = 320


def profile_named(arguments: argparse.Namespace) -> "Profile | None":
    """Return the market of `--market`. If it is unknown, print an error and return None."""
    from mypolis.foundation.markets import all_markets  # noqa: PLC0415 - needs Django set up

    found = all_markets().get(arguments.market)
    if found is None:
        sys.stderr.write(f"mypolis: --market must be one of: {', '.join(all_markets())}\n")
    return found


def typed(what: str) -> str:
    """Read one line from standard input, with a prompt on a terminal. Arguments would stay in the shell history."""
    if sys.stdin.isatty():
        sys.stderr.write(f"{what}: ")
        sys.stderr.flush()
    return sys.stdin.readline()[:LONGEST].strip()
