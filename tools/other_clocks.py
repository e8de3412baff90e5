"""`make calendar`: runs the tests below HTTP under three other clocks, to find in advance dates that break a test.

Needs Debian's `faketime`, which `tools/prepare.py --faketime` installs. Exits with 0 if all tests pass each time.
"""

import calendar
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Clock:
    """The time at which the tests begin, and the time zone of the machine."""

    name: str
    moment: datetime
    zone: str


def other_clocks(today: date) -> list[Clock]:
    """Return three moments after today, one of them more than a year away. None is fixed, so all stay in the future."""
    year = today.year + 1
    leap = next(year for year in range(today.year + 1, today.year + 9) if calendar.isleap(year))
    sunday = max(day for day in range(25, 32) if date(year, 3, day).weekday() == calendar.SUNDAY)
    return [
        Clock("the last minutes of next year", datetime(year, 12, 31, 23, 50, tzinfo=UTC), "Etc/GMT+8"),
        Clock("29 February, near midnight in Jakarta", datetime(leap, 2, 29, 16, 50, tzinfo=UTC), "Asia/Jakarta"),
        Clock("summer time begins in Belgrade", datetime(year, 3, sunday, 0, 50, tzinfo=UTC), "Europe/Belgrade"),
    ]


def run_tests(clock: Clock, arguments: list[str]) -> bool:
    """Run the tests under a clock and print the result to standard error. Returns whether all passed."""
    ahead = (clock.moment - datetime.now(UTC)) // timedelta(seconds=1)
    sys.stderr.write(f"{clock.moment:%Y-%m-%d %H:%M} UTC, TZ={clock.zone}: {clock.name}\n")
    began = time.monotonic()
    command = ["faketime", "--exclude-monotonic", "-f", f"+{ahead}", sys.executable, "-m", "pytest", "tests"]
    command += ["--ignore=tests/e2e", "-p", "tests.below_http", "-p", "no:cacheprovider", *arguments]
    environment = {**os.environ, "TZ": clock.zone, "PYTHONPATH": str(ROOT / "tests" / "other_clock")}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)  # noqa: S603 - our own command
    sys.stderr.write(f"{time.monotonic() - began:.0f} seconds\n")
    return done.returncode == 0


def main() -> int:
    """Run the tests under all three clocks, even if one fails. Returns 1 if a test failed."""
    passed = [run_tests(clock, sys.argv[1:]) for clock in other_clocks(datetime.now(UTC).date())]
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
