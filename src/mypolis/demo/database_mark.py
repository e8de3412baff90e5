"""Marks an empty database as the demo's own; the demo never changes any other database."""

import psycopg
from django.core.exceptions import ImproperlyConfigured

_MARK = "mypolis_demo_mark"


class ForeignDatabase(ImproperlyConfigured):
    """The demo was pointed at a database that it did not create."""

    def __init__(self) -> None:
        super().__init__(
            "This database holds tables that the demo did not make, so the demo leaves it alone. "
            "Give it an empty database, or none: it brings its own."
        )


def claim(database_url: str) -> None:
    """Mark an empty database as the demo's, in one statement; raises ForeignDatabase if it belongs to somebody else.

    The mark comes first, so that an interrupted first start can be continued.
    """
    with psycopg.connect(database_url) as database:
        if not _is_ours(database):
            if not _is_empty(database):
                raise ForeignDatabase
            database.execute(f"create table {_MARK} (made_at timestamptz not null default now())")


def check(database_url: str) -> None:
    """Raise ForeignDatabase unless the demo created this database."""
    with psycopg.connect(database_url) as database:
        if not _is_ours(database):
            raise ForeignDatabase


def wipe(database_url: str) -> None:
    """Delete everything in the demo's own database; raises ForeignDatabase if it belongs to somebody else."""
    with psycopg.connect(database_url) as database:
        if _is_ours(database):
            database.execute("drop schema public cascade")
            database.execute("create schema public")
        elif not _is_empty(database):
            raise ForeignDatabase


def _is_ours(database: psycopg.Connection) -> bool:
    row = database.execute("select to_regclass(%s) is not null", [f"public.{_MARK}"]).fetchone()
    return bool(row and row[0])


def _is_empty(database: psycopg.Connection) -> bool:
    row = database.execute("select not exists (select from pg_tables where schemaname = 'public')").fetchone()
    return bool(row and row[0])
