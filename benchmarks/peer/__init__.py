"""The programs that sign-in is compared with, each in its own process: Django's LoginView in a project as
`startproject` creates it, and the same project with django-allauth."""

import os
import sys
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Literal

ROOT = Path(__file__).resolve().parents[2]
_SETTINGS = {"django": "benchmarks.peer.settings", "allauth": "benchmarks.peer.allauth_settings"}


class Peer:
    """A call makes one sign-in and returns its processor seconds. Leaving the context ends the process."""

    def __init__(self, name: Literal["django", "allauth"], database_url: str) -> None:
        environment = {**os.environ, "DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": _SETTINGS[name]}
        self._process = Popen(
            [sys.executable, "-m", "benchmarks.peer"], stdin=PIPE, stdout=PIPE, text=True, cwd=ROOT, env=environment
        )

    def __enter__(self) -> "Peer":
        return self

    def __call__(self) -> float:
        """Send one POST of correct credentials without a session; return its time without the hash."""
        return self._sign_in()[0]

    def whole(self) -> float:
        """The same, with the time of the hash."""
        return sum(self._sign_in())

    def _sign_in(self) -> tuple[float, float]:
        process = self._process
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the peer has no pipes")
        process.stdin.write("sign in\n")
        process.stdin.flush()
        rest, hashing = process.stdout.readline().split()
        return float(rest), float(hashing)

    def __exit__(self, *_error: object) -> None:
        self._process.communicate()
