"""`make seeded`: puts small faults into the product, one at a time, and checks that the tests catch each of them.

The faults are in `tools/seeded_faults.toml`. They are applied in a scratch copy of the checkout, never in the checkout
itself. Arguments choose faults by area or by a part of their name. Exits with 0 if all were caught; with 1 if one was
missed, if the tests fail without a fault, or if a fault no longer fits the code.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).resolve().parent.parent
FAULTS = ROOT / "tools" / "seeded_faults.toml"
MOST_SECONDS = 900
FIRST_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)

type Verdict = Literal["caught", "missed", "broken"]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A fault: in `file`, `new` replaces `old`. Then one of the `tests` (paths) must fail."""

    name: str
    area: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def misfit(self, root: Path) -> str:
        """Return why the fault does not fit the checkout under `root`; "" if it fits."""
        path = root / self.file
        if not path.is_file():
            return f"{self.name}: there is no {self.file}"
        count = path.read_text().count(self.old)
        if count != 1:
            return f"{self.name}: its old text is {count} times in {self.file}, not once"
        gone = [test for test in self.tests if not (root / test).exists()]
        return f"{self.name}: there is no {gone[0]}" if gone else ""


def seeded_faults() -> list[Fault]:
    """Read all faults, in the order of the file."""
    found = tomllib.loads(FAULTS.read_text())["fault"]
    return [Fault(**{**fault, "tests": tuple(fault["tests"])}) for fault in found]


def main(wanted: Sequence[str]) -> int:
    """Try the wanted faults, or all of them."""
    faults = [
        fault
        for fault in seeded_faults()
        if not wanted or any(word == fault.area or word.lower() in fault.name.lower() for word in wanted)
    ]
    misfits = [misfit for fault in faults if (misfit := fault.misfit(ROOT))]
    if misfits or not faults:
        print_line("\n".join(misfits) or f"no fault is named like {' '.join(wanted)}")
        return 1
    with tempfile.TemporaryDirectory(prefix="mypolis-seeded-") as folder:
        scratch = copy_of_checkout(Path(folder))
        healthy = run_tests(scratch, sorted({test for fault in faults for test in fault.tests}))
        if healthy.returncode != 0:
            print_line(f"The tests fail without any fault:\n{healthy.stdout}")
            return 1
        verdicts = [try_fault(fault, scratch) for fault in faults]
    print_line(f"{verdicts.count('caught')} of {len(verdicts)} faults caught")
    return 0 if set(verdicts) == {"caught"} else 1


def try_fault(fault: Fault, scratch: Path) -> Verdict:
    """Apply a fault in the scratch copy, run its tests, and remove it again. Prints and returns the verdict."""
    path = scratch / fault.file
    healthy = path.read_text()
    path.write_text(healthy.replace(fault.old, fault.new))
    done = run_tests(scratch, fault.tests)
    path.write_text(healthy)
    verdict: Verdict = {0: "missed", 1: "caught"}.get(done.returncode, "broken")  # type: ignore[assignment]
    by = FIRST_FAILED.search(done.stdout)
    print_line(f"{verdict}  {fault.area}: {fault.name}" + (f"  ({by[1]})" if by else ""))
    if verdict == "broken":
        print_line(done.stdout)
    return verdict


def copy_of_checkout(folder: Path) -> Path:
    """Copy the files that git tracks or would add, with uncommitted changes."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S603
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


def run_tests(scratch: Path, tests: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run tests of the scratch copy with this Python; stop at the first failure."""
    command = [sys.executable, "-m", "pytest", "-n0", "-x", "-rfE", "--tb=no", "--reuse-db", *tests]
    environment = {**os.environ, "PYTHONPATH": str(scratch / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(  # noqa: S603 - our own command, no shell
        command, cwd=scratch, env=environment, capture_output=True, text=True, timeout=MOST_SECONDS, check=False
    )


def print_line(text: str) -> None:
    """Print one line immediately."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
