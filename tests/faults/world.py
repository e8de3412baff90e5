"""A deployment with real processes: PostgreSQL, web server and worker. Tests can kill and start each of them."""

import contextlib
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg

from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.lib.postgres.embedded_postgres import EmbeddedPostgres
from tests.faults.partners import Partners
from tests.faults.people import Insured, write_lists
from tests.house.places import ROOT
from tests.notices.fake_gateway import TOKEN
from tests.operating.test_cli import environment, free_port

START_SECONDS = 90
HOST = "portal.example"


class World:
    """A production deployment as in the README, in one folder. `answers` is whether the database is up."""

    def __init__(self, home: Path, partners: Partners, *, scanner: str = "") -> None:
        self.home, self.partners = home, partners
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._postgres = EmbeddedPostgres(home)
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._sessions: set[int] = set()
        self._log = (home / "log.jsonl").open("ab")
        keyring.create(home / "keys.json")
        self._environment = environment(
            home,
            MYPOLIS_KEYS_FILE=str(home / "keys.json"),
            MYPOLIS_SECRET_KEY=secrets.token_urlsafe(48),
            MYPOLIS_BRAND_DIR=str(ROOT / "src" / "mypolis" / "demo" / "brands"),
            MYPOLIS_PUBLIC_URL=f"https://{HOST}",
            MYPOLIS_ALLOWED_HOSTS=HOST,
            MYPOLIS_TRUSTED_PROXIES="1",
            MYPOLIS_LIMIT_FACTOR="1000",
            MYPOLIS_SMS_CODES_PER_DAY="1000",
            MYPOLIS_EMAIL_CODES_PER_DAY="1000",
            MYPOLIS_SMTP_URL=partners.mail.url,
            MYPOLIS_SMS_URL=partners.sms.url,
            MYPOLIS_SMS_TOKEN=TOKEN,
            MYPOLIS_SCANNER_URL=scanner or f"unix://{home}/no-clamd",
        )

    @contextmanager
    def running(self) -> Iterator["World"]:
        """Run database, worker and web server in the block, and remove everything at the end."""
        try:
            self.start_database()
            self.command("migrate")
            self.start_worker()
            self.start_web()
            self.wait_until_ready()
            yield self
        finally:
            for process in self._processes.values():
                _kill_group(process)
            for left in _processes_in(self._sessions):
                _kill(left)
            with contextlib.suppress(Exception):
                self._postgres.start()
            self._postgres.release()
            self._log.close()

    @property
    def log(self) -> str:
        """Return the log of its processes."""
        return (self.home / "log.jsonl").read_text()

    def command(self, *words: str) -> str:
        """Run `mypolis …` and return its output. Raises if the command fails."""
        done = self._run("-m", "mypolis.cli", *words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def load(self, people: list[Insured]) -> None:
        """Load everybody with the real command, which also sends invitations."""
        for way, market, path in write_lists(people, self.home):
            employer = [] if market == "rs" else ["--employer", "romashka"]
            options = [] if way == "invitation" else ["--no-invitations"]
            self.command("roster", "load", str(path), "--market", market, *employer, *options)

    def script(self, code: str) -> str:
        """Run a few lines of Python in this deployment, and return their output. They may import the tests."""
        more = {"DJANGO_SETTINGS_MODULE": "mypolis.settings", "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"}
        done = self._run("-c", f"import django; django.setup()\n{code}", **more)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def rows(self, query: str, *values: Any) -> list[Any]:
        """Query the database. Raises psycopg.OperationalError while it is unavailable."""
        with psycopg.connect(self._environment["DATABASE_URL"], autocommit=True, connect_timeout=5) as connection:
            return connection.execute(query, values or None).fetchall()  # type: ignore[call-overload, no-any-return]

    def start_database(self) -> None:
        """Start it, or start it again after it was killed."""
        self._environment["DATABASE_URL"] = self._postgres.start()

    def start_web(self) -> None:
        """Start the web server. It may not answer yet."""
        self._start("web", "serve", "--port", str(self.port))

    def start_worker(self) -> None:
        """Start the worker."""
        self._start("worker", "worker")

    def keep_alive(self) -> None:
        """Restart processes that have ended, as a supervisor does."""
        for name, start in (("web", self.start_web), ("worker", self.start_worker)):
            if self._processes[name].poll() is not None:
                start()

    def kill_web(self) -> None:
        """Send SIGKILL to the web server and all its processes."""
        _kill_group(self._processes["web"])

    def kill_worker(self) -> None:
        """Send SIGKILL to the worker, and to nobody else: the programs that it started notice by themselves."""
        self._processes["worker"].kill()
        self._processes["worker"].wait()

    def cleaning_programs(self) -> list[int]:
        """Return the ids of the processes that clean a file now, also those whose worker was killed."""
        return [pid for pid in _processes_in(self._sessions) if b"cleaning.child" in _command_of(pid)]

    def kill_web_process(self, turn: int) -> None:
        """Send SIGKILL to one of the web processes; the web server replaces it."""
        children = _children_of(self._processes["web"].pid)
        if children:
            _kill(children[turn % len(children)])

    def kill_database(self) -> None:
        """Send SIGKILL to PostgreSQL itself; its sessions end when they notice."""
        _kill(self._postmaster)

    def kill_session(self, turn: int) -> None:
        """Send SIGKILL to one of PostgreSQL's sessions; it then drops all sessions and recovers."""
        children = _children_of(self._postmaster)
        if children:
            _kill(children[turn % len(children)])

    def stop_database(self, *, going_on: bool) -> None:
        """Stop every process of PostgreSQL, or continue it: a database that hangs."""
        number = signal.SIGCONT if going_on else signal.SIGSTOP
        for pid in (self._postmaster, *_children_of(self._postmaster)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    @contextmanager
    def holding(self, table: str) -> Iterator[None]:
        """Lock a table from another connection in the block."""
        with psycopg.connect(self._environment["DATABASE_URL"]) as connection:
            connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")  # type: ignore[arg-type]
            yield
            connection.rollback()

    def log_to(self, path: str) -> None:
        """Set the log file of processes that are started from now on."""
        self._log.close()
        self._log = open(path, "ab", buffering=0)  # noqa: SIM115 - closed with the world

    def is_ready(self) -> bool:
        """Whether `/readyz` responds 200."""
        try:
            return httpx.get(f"{self.url}/readyz", headers={"Host": HOST}, timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def wait_until_ready(self, seconds: float = START_SECONDS) -> float:
        """Wait until the portal is ready, and return the seconds."""
        began = time.monotonic()
        while not self.is_ready():
            assert time.monotonic() - began < seconds, f"not ready:\n{self.log[-3000:]}"
            self.keep_alive()
            time.sleep(0.1)
        return time.monotonic() - began

    @property
    def _postmaster(self) -> int:
        pid_file = self.home / "postgres" / "data" / "postmaster.pid"
        try:
            return int(pid_file.read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return 0

    def _start(self, name: str, *words: str) -> None:
        self._processes[name] = subprocess.Popen(
            [sys.executable, "-m", "mypolis.cli", *words],
            env=self._environment,
            cwd=self.home,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        self._sessions.add(self._processes[name].pid)

    def _run(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words],
            env={**self._environment, **more},
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )


def _kill(pid: int) -> None:
    if pid > 1:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _kill_group(process: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _children_of(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _processes_in(sessions: set[int]) -> list[int]:
    """The processes of these sessions. A program that was started by one that is dead keeps its session."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.getsid(int(folder.name)) in sessions:
                found.append(int(folder.name))
    return found


def _command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
