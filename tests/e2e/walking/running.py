"""A separate demo for these tests, run by the command and stopped by Ctrl-C."""

import json
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError

from tests.operating.test_cli import environment, free_port
from tests.waiting import until

STOP_SECONDS = 60


@dataclass(frozen=True)
class Demo:
    """A running demo: its URL and its home folder."""

    url: str
    home: Path

    @property
    def log(self) -> str:
        """All output of the demo and its processes."""
        return _log_of(self.home).read_text()

    def load_list(self, path: Path, *, market: str, employer: str) -> dict[str, Any]:
        """Run `mypolis roster load … --json` in the demo's home while it runs. Returns the report."""
        said = self.run("roster", "load", str(path), "--market", market, "--employer", employer, "--json")
        report: dict[str, Any] = json.loads(said)
        return report

    def run(self, *command: str) -> str:
        """Run a command of an operator in the demo's home while it runs. Returns its output."""
        done = subprocess.run(
            [sys.executable, "-m", "mypolis.cli", *command],
            env=environment(self.home),
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextmanager
def running_demo(home: Path, **changes: str) -> Iterator[Demo]:
    """Start `mypolis demo` and wait until it is ready. At the end, stop it as Ctrl-C does and check the clean-up.

    `changes` are further variables of its environment.
    """
    port = free_port()
    with _log_of(home).open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "mypolis.cli", "demo", "--port", str(port)],
            env=environment(home, **changes),
            cwd=home,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    demo = Demo(f"http://localhost:{port}", home)
    try:
        _wait_until_ready(demo, process)
        yield demo
        process.send_signal(signal.SIGINT)
        assert process.wait(STOP_SECONDS) == 0, demo.log
    finally:
        process.kill()
        process.wait()
    assert _processes_of(home) == []


def _log_of(home: Path) -> Path:
    return home / "demo.log"


def _wait_until_ready(demo: Demo, process: "subprocess.Popen[bytes]") -> None:
    def is_ready() -> bool:
        assert process.poll() is None, demo.log
        try:
            with urllib.request.urlopen(f"{demo.url}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except URLError:
            return False

    until(is_ready, otherwise=lambda: demo.log)


def _processes_of(home: Path) -> list[str]:
    """Running processes with the demo's home in their command or environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
        except OSError:
            continue
        if str(home).encode() in words:
            found.append(words.split(b"\0", 1)[0].decode())
    return found
