"""One PostgreSQL data folder and its server: create, launch, recover, stop. Linux only, because it reads /proc."""

import contextlib
import hashlib
import os
import shlex
import shutil
import signal
import stat
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import psycopg

from mypolis.foundation.lib.postgres.postgres_tools import (
    Binaries,
    EmbeddedPostgresError,
    Runner,
    find_binaries,
    give_away,
    runner_for,
)

NAME = "mypolis"  # of the superuser and of the database
START_SECONDS = 60
STOP_SECONDS = 60
ORPHAN_SECONDS = 5
POLL_SECONDS = 0.02
SOCKET = ".s.PGSQL.5432"
SETTINGS = {
    "port": "5432",
    "listen_addresses": "",
    "max_connections": "200",
    # A failed statement contains people's data, and so does "Key (email)=(...) already exists".
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


class Cluster:
    """The server of one data folder. Only one caller at a time may use it: EmbeddedPostgres ensures this by a lock."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def serve(self) -> str:
        """Start the server, unless it is running already, and return its URL."""
        if not self.data.exists():
            _create(self.data)
        deadline = time.monotonic() + START_SECONDS
        while True:
            if self._postmaster() is None:
                self._clear_remains()
                self._launch()
            try:
                self._ensure_database()
            except psycopg.OperationalError as error:  # still starting, or stopping for a process that was killed
                if time.monotonic() > deadline:
                    raise EmbeddedPostgresError(f"PostgreSQL does not answer: {error}. See {self._log}") from error
                time.sleep(POLL_SECONDS)
            else:
                return self._url(NAME)

    def stop(self) -> None:
        """Stop the server, if it is running, and wait until it has ended."""
        postmaster = self._postmaster()
        if postmaster is None:
            return
        os.kill(postmaster, signal.SIGINT)  # "fast": ends sessions, writes a checkpoint
        if not _wait_until(lambda: not self._lives_here(postmaster), STOP_SECONDS):
            raise EmbeddedPostgresError(f"PostgreSQL (pid {postmaster}) does not stop. See {self._log}")
        with contextlib.suppress(OSError):
            self._sockets.rmdir()

    @property
    def _log(self) -> Path:
        return self.data / "server.log"

    @property
    def _pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    @property
    def _sockets(self) -> Path:
        """The folder of the server's socket. Its path is short, because a socket path has at most 107 bytes.

        The name depends on the inode of the data folder. If somebody deletes the data of a running server, the server
        notices later and deletes its socket by name. It must not delete the socket of a new server at the same path.
        """
        status = self.data.stat()
        key = hashlib.sha256(f"{self.data}:{status.st_dev}:{status.st_ino}".encode()).hexdigest()[:12]
        parent = "/tmp" if os.access("/tmp", os.W_OK) else tempfile.gettempdir()  # noqa: S108 - judged before use
        return Path(parent) / f"mypolis-postgres-{key}"

    def _url(self, database: str) -> str:
        return f"postgresql://{NAME}@/{database}?host={quote(str(self._sockets))}"

    def _ensure_database(self) -> None:
        with psycopg.connect(self._url("postgres"), autocommit=True, connect_timeout=10) as connection:
            if not connection.execute("select 1 from pg_database where datname = %s", [NAME]).fetchone():
                connection.execute(f"create database {NAME}")

    def _launch(self) -> None:
        runner = runner_for(self.data)
        binaries = find_binaries(runner, int((self.data / "PG_VERSION").read_text()))
        _own_private_folder(self._sockets, self.data.stat())
        settings = {**SETTINGS, "unix_socket_directories": str(self._sockets)}
        options = shlex.join(word for name, value in settings.items() for word in ("-c", f"{name}={value}"))
        pg_ctl = [
            "start",
            "--wait",
            f"--timeout={START_SECONDS}",
            f"--log={self._log}",
            f"--options={options}",
        ]
        done = runner.run(binaries.folder / "pg_ctl", *pg_ctl, f"--pgdata={self.data}")
        if done.returncode:
            raise EmbeddedPostgresError(f"PostgreSQL does not start: {done.stdout.strip()} See {self._log}")

    def _postmaster(self) -> int | None:
        """Return the running server's process id. A pid file is not enough: the process may be a zombie."""
        try:
            pid = int(self._pid_file.read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None
        return pid if self._lives_here(pid) else None

    def _lives_here(self, pid: int) -> bool:
        """Whether this is a living PostgreSQL process of this data folder (all of them work inside it)."""
        process = Path("/proc", str(pid))
        try:
            here = (process / "cwd").readlink() == self.data
            return here and (process / "comm").read_text().strip() == "postgres"
        except OSError:  # gone, a zombie, or somebody else's
            return False

    def _inhabitants(self) -> list[int]:
        return [int(name) for name in os.listdir("/proc") if name.isdigit() and self._lives_here(int(name))]

    def _clear_remains(self) -> None:
        """Clean up after a killed server: sessions that still run, its pid file, its sockets."""
        if not _wait_until(lambda: not self._inhabitants(), ORPHAN_SECONDS):
            for pid in self._inhabitants():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            _wait_until(lambda: not self._inhabitants(), ORPHAN_SECONDS)
        for path in (self._pid_file, self._sockets / SOCKET, self._sockets / f"{SOCKET}.lock"):
            path.unlink(missing_ok=True)


def _create(data: Path) -> None:
    """Create a data folder. It gets its final name when it is complete, so an interrupted attempt does no harm."""
    unfinished = data.with_name(f"{data.name}.unfinished")
    if unfinished.exists():
        shutil.rmtree(unfinished)
    unfinished.mkdir(mode=0o700)
    runner = give_away(unfinished)
    _initdb(runner, find_binaries(runner), unfinished)
    unfinished.rename(data)


def _initdb(runner: Runner, binaries: Binaries, data: Path) -> None:
    locale = ["--locale=C.UTF-8"]
    if binaries.major >= 17:  # the same order and letter case on every machine, whatever its libc
        locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    rest = ["--encoding=UTF8", "--auth=trust", "--no-sync", "--no-instructions"]
    done = runner.run(binaries.folder / "initdb", f"--pgdata={data}", f"--username={NAME}", *locale, *rest)
    if done.returncode:
        raise EmbeddedPostgresError(f"PostgreSQL cannot make its data folder: {done.stdout.strip()}")


def _own_private_folder(folder: Path, owner: os.stat_result) -> None:
    """Make or accept a folder that only this owner can enter. Others can guess the name, so check before use."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        os.chown(folder, owner.st_uid, owner.st_gid)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner.st_uid or found.st_mode & 0o077:
        raise EmbeddedPostgresError(f"{folder} is not a private folder of this database's owner: remove it.")


def _wait_until(settled: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not settled():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True
