"""The template of the test databases: migrations run only once after a change, not in every test process."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "test_template_"
LOCK = 7_201_806_114  # an advisory lock: one process makes the template, the others wait


def template_database() -> str:
    """Return the name of an empty database in which all migrations have run. Creates it if needed."""
    name = f"{PREFIX}{_digest()}"
    with closing(psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)) as server, _turn(server):
        if not _exists(server, name):
            if "MYPOLIS_TESTS_EMBEDDED" in os.environ:  # on a shared server another checkout may use them
                _drop_others(server)
            _make(server, name)
    return name


def _digest() -> str:
    """Return a digest of the migrations of all rooms and libraries."""
    digest = hashlib.sha256((ROOT / "requirements.lock").read_bytes())
    for path in sorted((ROOT / "src").rglob("migrations/*.py")):
        digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _turn(server: "psycopg.Connection[tuple[object, ...]]") -> Iterator[None]:
    server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    yield
    server.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _exists(server: "psycopg.Connection[tuple[object, ...]]", name: str) -> bool:
    return server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _drop_others(server: "psycopg.Connection[tuple[object, ...]]") -> None:
    rows = server.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"]).fetchall()
    for (name,) in rows:
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _make(server: "psycopg.Connection[tuple[object, ...]]", name: str) -> None:
    """Create it under a temporary name, and rename it when it is complete, so that a killed attempt does no harm."""
    unfinished = f"{name}_unfinished"
    server.execute(f'DROP DATABASE IF EXISTS "{unfinished}" WITH (FORCE)')
    server.execute(f'CREATE DATABASE "{unfinished}"')
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = unfinished
    call_command("migrate", verbosity=0, interactive=False)
    connection.close()
    connection.settings_dict["NAME"] = usual
    server.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
    server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')  # nobody may use a template
