"""The environment of the benchmarks: their own embedded PostgreSQL with new databases, and production settings."""

import fcntl
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.lib.postgres.embedded_postgres import running

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".mypolis" / "bench"
BOOKS = ROOT / "src" / "mypolis" / "demo" / "samples" / "books"
PORTAL, PLAIN = "bench_portal", "bench_django"


@contextmanager
def ground() -> Iterator[None]:
    """Prepare the environment and set up Django. A second run waits until the first one has ended."""
    HOME.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        lock = stack.enter_context((HOME / "lock").open("w"))
        fcntl.flock(lock, fcntl.LOCK_EX)
        url = stack.enter_context(running(HOME))
        _make_databases(url)
        _set_environment(url)
        log = stack.enter_context((HOME / "log.jsonl").open("w"))
        stack.enter_context(_logging_to(log.fileno()))
        _prepare()
        yield


def plain_django_url() -> str:
    """Return the URL of the database for the programs that we compare with."""
    return make_conninfo(os.environ["DATABASE_URL"], dbname=PLAIN)


def _make_databases(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for name in (PORTAL, PLAIN):
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))


def _set_environment(url: str) -> None:
    """Set the environment of a deployment as the README describes it. Ignores the caller's variables."""
    for name in [name for name in os.environ if name.startswith("MYPOLIS_")]:
        del os.environ[name]
    keys = HOME / "keys.json"
    if not keys.exists():
        keyring.create(keys)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="benchmarks.settings",
        DATABASE_URL=make_conninfo(url, dbname=PORTAL),
        MYPOLIS_HOME=str(HOME),
        MYPOLIS_KEYS_FILE=str(keys),
        MYPOLIS_SECRET_KEY=secrets.token_urlsafe(48),
        MYPOLIS_BRAND_DIR=str(ROOT / "src" / "mypolis" / "demo" / "brands"),
        MYPOLIS_PUBLIC_URL="https://portal.example",
        MYPOLIS_ALLOWED_HOSTS="portal.example",
        MYPOLIS_SCANNER_URL="unix:///no-clamd",  # nothing is uploaded
        # All requests come from one machine, so limits for strangers must not apply.
        MYPOLIS_LIMIT_FACTOR="100000",
        MYPOLIS_SMS_CODES_PER_DAY="1000000",
        MYPOLIS_EMAIL_CODES_PER_DAY="1000000",
    )


@contextmanager
def _logging_to(descriptor: int) -> Iterator[None]:
    """Write log lines to a file. We do not turn them off, because they are part of the cost of a request."""
    before = sys.stderr
    with os.fdopen(os.dup(descriptor), "w", buffering=1) as log:
        sys.stderr = log
        try:
            yield
        finally:
            sys.stderr = before


def _prepare() -> None:
    import django  # noqa: PLC0415 - the settings read the environment, which is complete only now

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", interactive=False, verbosity=0)
    shutil.rmtree(HOME / "static", ignore_errors=True)
    call_command("collectstatic", interactive=False, verbosity=0)
