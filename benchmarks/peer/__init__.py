"""The peer of sign-in, in a process of its own: Django's LoginView as `startproject` would set it up."""

import os
import sys
from pathlib import Path
from subprocess import PIPE, Popen

ROOT = Path(__file__).resolve().parents[2]


class DjangoLogin:
    """Call it for the processor seconds of one sign-in outside the hash. A context: leaving it ends the process."""

    def __init__(self, database_url: str) -> None:
        environment = {**os.environ, "DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "benchmarks.peer.settings"}
        self._process = Popen(
            [sys.executable, "-m", "benchmarks.peer"], stdin=PIPE, stdout=PIPE, text=True, cwd=ROOT, env=environment
        )

    def __enter__(self) -> "DjangoLogin":
        return self

    def __call__(self) -> float:
        """One POST of the right credentials by a visitor without a session."""
        process = self._process
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the peer has no pipes")
        process.stdin.write("sign in\n")
        process.stdin.flush()
        return float(process.stdout.readline())

    def __exit__(self, *_error: object) -> None:
        self._process.communicate()
