"""`make soak`: the memory of a real web server and worker under a steady load of whole journeys.

Of five journeys, four are sign-ins on a known device, and one is a registration with a code by e-mail.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import linear_regression, median
from typing import TYPE_CHECKING, Any

from benchmarks.ground import HOME, ground

if TYPE_CHECKING:
    from benchmarks.soak_people import People

MINUTES, RATE, DRIVERS = 20.0, 20.0, 12
LEAST_SLOPED_SECONDS = 290.0  # a new process still grows while it fills its caches
SAMPLE_SECONDS = 5.0
MIB = 1024 * 1024


@dataclass
class Memory:
    """The resident memory of every process, as (seconds since the start, bytes), by role and process id."""

    samples: dict[tuple[str, int], list[tuple[float, int]]] = field(default_factory=dict)

    def sample(self, role: str, pid: int, seconds: float) -> None:
        """Take one sample, if the process still runs."""
        try:
            pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        except OSError:
            return
        self.samples.setdefault((role, pid), []).append((seconds, pages * os.sysconf("SC_PAGE_SIZE")))

    def report(self, role: str) -> dict[str, Any]:
        """Return MiB at the start and in each minute (of the largest process), and the steepest slope once warm."""
        processes = [taken for (its, _pid), taken in self.samples.items() if its == role]
        every = sorted(sample for taken in processes for sample in taken)
        minutes: dict[int, int] = {}
        for seconds, size in every:
            minutes[int(seconds // 60)] = max(minutes.get(int(seconds // 60), 0), size)
        slopes = [_slope(taken) for taken in processes]
        return {
            "process": role,
            "processes": len(processes),
            "start_mib": round(every[0][1] / MIB, 1),
            "minutes_mib": [round(size / MIB, 1) for _minute, size in sorted(minutes.items())],
            "slope_mib_per_hour": max((slope for slope in slopes if slope is not None), default=None),
        }


def _slope(taken: list[tuple[float, int]]) -> float | None:
    """Return the growth in MiB per hour in the second half of a process's life, when pools and caches are full."""
    late = [(seconds, size) for seconds, size in taken if seconds - taken[0][0] >= (taken[-1][0] - taken[0][0]) / 2]
    if len(late) < 3 or late[-1][0] - late[0][0] < LEAST_SLOPED_SECONDS:
        return None
    return round(linear_regression(*zip(*late, strict=True)).slope * 3600 / MIB, 2)


def main() -> int:
    """Run the soak; writes one JSON object per line to standard output."""
    parser = argparse.ArgumentParser(prog="soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=MINUTES, help="duration (%(default)s)")
    parser.add_argument("--rate", type=float, default=RATE, help="journeys per second (%(default)s)")
    asked = parser.parse_args()
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    with ground(), ExitStack() as stack:
        from benchmarks.soak_people import People, mailbox  # noqa: PLC0415 - needs Django set up

        box = stack.enter_context(mailbox())
        os.environ.update(MYPOLIS_SMTP_URL=box.url, MYPOLIS_MARKETS="id", DJANGO_SETTINGS_MODULE="mypolis.settings")
        people = People(box, members=DRIVERS * 2, newcomers=round(asked.minutes * 60 * asked.rate / 5) + DRIVERS)
        web, worker = stack.enter_context(_processes(people.port))
        people.sign_everybody_in()
        for line in _soak(people, web, worker, asked.minutes * 60, asked.rate):
            out.write(f"{json.dumps(line)}\n")
            out.flush()
    return 0


def _soak(people: "People", web: int, worker: int, seconds: float, rate: float) -> Iterator[dict[str, Any]]:
    began, memory, took, loads = time.monotonic(), Memory(), list[float](), list[float]()
    due = iter(range(round(seconds * rate)))

    def drive() -> None:
        for turn in due:  # shared: next() of a range's iterator is atomic
            wait = began + turn / rate - time.monotonic()
            if began + seconds < time.monotonic():
                return
            time.sleep(max(0.0, wait))
            took.append(people.journey(turn))

    with ThreadPoolExecutor(DRIVERS) as pool:
        drivers = [pool.submit(drive) for _driver in range(DRIVERS)]
        while not all(driver.done() for driver in drivers):
            now = time.monotonic() - began
            for child in _children_of(web):
                memory.sample("web", child, now)
            memory.sample("worker", worker, now)
            loads.append(os.getloadavg()[0])
            time.sleep(SAMPLE_SECONDS)
    for driver in drivers:
        driver.result()
    lasted = time.monotonic() - began
    yield {
        "asked_per_second": rate,
        "reached_per_second": round(len(took) / lasted, 2),
        "journeys": len(took),
        "minutes": round(lasted / 60, 1),
        "median_journey_ms": round(median(took) * 1000),
        "load_of_the_machine": {"cores": os.cpu_count(), "median": round(median(loads), 1), "most": max(loads)},
    }
    yield from (memory.report(role) for role in ("web", "worker"))


@contextmanager
def _processes(port: int) -> Iterator[tuple[int, int]]:
    """Run the web server and the worker as in a deployment; yields their process ids."""
    from mypolis.processes import Children  # noqa: PLC0415 - needs the settings, which exist only now

    log = (HOME / "soak.jsonl").open("w")
    held = os.dup(2)
    os.dup2(log.fileno(), 2)
    try:
        with Children(os.environ) as children:
            web = children.start("web", "serve", "--port", str(port))
            worker = children.start("worker", "worker")
            yield web, worker
    finally:
        os.dup2(held, 2)
        log.close()


def _children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


if __name__ == "__main__":
    sys.exit(main())
