import argparse
import sys
from typing import Any


def add_parser(subparsers: Any) -> None:
    """Add `umbrellas`."""
    subparsers.add_parser("umbrellas").set_defaults(run=_count, needs="nothing")


def _count(_arguments: argparse.Namespace) -> int:
    sys.stdout.write("3 umbrellas\n")
    return 0
