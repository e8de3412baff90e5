"""Prepares database, key ring and mode of the tests. Loaded before Django's settings (`-p tests.early`).

All test processes share the embedded PostgreSQL, and the last one stops it. `DATABASE_URL` overrides it.
"""

import atexit
import os
import tempfile
from pathlib import Path

import psycopg

from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.lib.postgres.embedded_postgres import EmbeddedPostgres

HOME = Path(__file__).resolve().parent.parent / ".mypolis" / "tests"


def _prepare() -> None:
    (HOME / "static").mkdir(parents=True, exist_ok=True)  # without it, WhiteNoise warns for every client
    if "DATABASE_URL" not in os.environ or os.environ.get("MYPOLIS_TESTS_EMBEDDED"):
        postgres = EmbeddedPostgres(HOME)
        os.environ["DATABASE_URL"] = postgres.start()
        _do_not_wait_for_the_disk(os.environ["DATABASE_URL"])
        os.environ["MYPOLIS_TESTS_EMBEDDED"] = "1"
        atexit.register(postgres.release)
    if "MYPOLIS_KEYS_FILE" not in os.environ:
        folder = tempfile.TemporaryDirectory(prefix="mypolis-test-keys-")
        atexit.register(folder.cleanup)
        os.environ["MYPOLIS_KEYS_FILE"] = f"{folder.name}/keys.json"
        keyring.create(Path(os.environ["MYPOLIS_KEYS_FILE"]))
    os.environ["MYPOLIS_HOME"] = str(HOME)  # not the demo's folder
    os.environ["MYPOLIS_MODE"] = "test"
    os.environ["MYPOLIS_DATABASE_POOL"] = "0"
    os.environ["MYPOLIS_SECRET_KEY"] = "only for tests, only for tests, only for tests, only for tests"
    os.environ["MYPOLIS_ARGON2_MEMORY_KIB"] = "64"
    os.environ["MYPOLIS_ARGON2_PASSES"] = "1"


def _do_not_wait_for_the_disk(url: str) -> None:
    """Turn off syncing: a power failure may destroy these databases."""
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")


_prepare()
