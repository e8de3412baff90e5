"""`python -m benchmarks [ONLY] [--runs N]`: one JSON object a line on standard output, and nothing else."""

import argparse
import os
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import TextIO

from benchmarks.figure import Figure
from benchmarks.ground import ground
from benchmarks.sizes import only_smoke

PARTS = (
    *("signin", "journey", "register", "identity", "card", "cover.search", "cover.page", "upload"),
    *("claims.adjudicate", "claims.list", "desk.queue", "desk.search", "desk.export", "upload.malicious"),
)
GROUPS = tuple(dict.fromkeys(part.partition(".")[0] for part in PARTS))
RUNS = 9


def main() -> int:
    """Run the requested benchmarks. Returns 0 even if a goal is missed, 2 if there is no such benchmark."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("only", nargs="?", default="", help="a group such as signin, or the full name of a figure")
    parser.add_argument("--runs", type=int, default=RUNS, help="how many times both sides of a ratio run")
    parser.add_argument("--smoke", action="store_true", help="only check that it runs, with the smallest sizes")
    asked = parser.parse_args()
    if asked.smoke:
        only_smoke()
    group = asked.only.partition(".")[0]
    if group not in ("", *GROUPS):
        parser.error(f"no benchmark {group!r}; there are {', '.join(GROUPS)}")
    out = _take_standard_output()
    for figure in _figures(asked.only, asked.runs):
        if figure.name.startswith(asked.only):
            out.write(f"{figure.line()}\n")
            out.flush()
    return 0


def _figures(only: str, runs: int) -> Iterator[Figure]:
    with ground():
        for part in PARTS:
            if part.startswith(only) or only.startswith(part):
                # Imported late, because they need the settings that `ground` sets.
                yield from import_module(f"benchmarks.parts.{part.replace('.', '_')}").figures(runs)


def _take_standard_output() -> TextIO:
    """Reserve standard output for the figures. All other output, also of child processes, goes to standard error."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return out


if __name__ == "__main__":
    sys.exit(main())
