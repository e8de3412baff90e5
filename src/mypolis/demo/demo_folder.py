"""The demo's folder: what it keeps between starts, and what other commands read from it.

`demo.json` holds environment variables by name. It is written first, so a folder without it was not made by the
demo. Nothing here needs Django.
"""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from pathlib import Path

from mypolis.foundation.lib.crypto import keyring

_CHOSEN_BY_HAND = ("MYPOLIS_SECRET_KEY", "MYPOLIS_KEYS_FILE")


class DemoError(Exception):
    """The demo cannot do what was requested; the text says what to do about it."""


class DemoHome:
    """The folder `.mypolis` (or `MYPOLIS_HOME`)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    @property
    def _file(self) -> Path:
        return self.folder / "demo.json"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Lock the folder, so that only one demo uses it. Raises DemoError if one is already running."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = (self.folder / "demo.lock").open("w")
        except OSError as error:
            raise DemoError(f"{self.folder} cannot be used: {error.strerror}") from None
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise DemoError(f"A demo is running in {self.folder} already.") from None
            yield

    def wipe(self) -> None:
        """Delete the demo's data here, including its database. Raises DemoError if the folder is not the demo's."""
        if not self._file.exists():
            if (self.folder / "postgres").exists():
                raise DemoError(f"{self.folder} was not made by the demo; nothing was deleted.")
            return
        shutil.rmtree(self.folder / "postgres", ignore_errors=True)
        shutil.rmtree(self.folder / "static", ignore_errors=True)
        for name in ("keys.json", "static.stamp", "demo.json"):
            (self.folder / name).unlink(missing_ok=True)

    def environment(self) -> dict[str, str]:
        """The variables that the last start saved; empty before the first."""
        try:
            return dict(json.loads(self._file.read_text()))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            raise DemoError(f"{self._file} cannot be read; `mypolis demo --reset` starts afresh.") from None

    def remember(self, changes: Mapping[str, str]) -> dict[str, str]:
        """Create missing secrets, apply the changes, and return the whole environment."""
        keys_file = self.folder / "keys.json"
        known = self.environment()
        environment = {
            "MYPOLIS_SECRET_KEY": known.get("MYPOLIS_SECRET_KEY") or secrets.token_urlsafe(48),
            "MYPOLIS_SMS_TOKEN": known.get("MYPOLIS_SMS_TOKEN") or secrets.token_urlsafe(24),
            "MYPOLIS_KEYS_FILE": str(keys_file),
            "MYPOLIS_HOME": str(self.folder),
            "MYPOLIS_MODE": "demo",
            **changes,
        }
        self._write(environment)
        if not keys_file.exists():
            keyring.create(keys_file)
        return environment

    def _write(self, environment: Mapping[str, str]) -> None:
        new = self._file.with_suffix(".new")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(environment, file, indent=2)
        new.replace(self._file)


def adopt(environment: MutableMapping[str, str]) -> None:
    """Make a command use the demo in its folder, unless the environment names something else.

    `MYPOLIS_MODE=demo` does not: without the demo's other settings, a command would find its database but not its keys.
    """
    is_other_mode = (environment.get("MYPOLIS_MODE") or "demo") != "demo"
    if is_other_mode or any(environment.get(name) for name in _CHOSEN_BY_HAND):
        return
    demo = DemoHome(Path(environment.get("MYPOLIS_HOME") or ".mypolis")).environment()
    if environment.get("DATABASE_URL") in (None, "", demo.get("DATABASE_URL")):
        environment.update({name: value for name, value in demo.items() if name not in environment})
