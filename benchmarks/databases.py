"""Databases beside the portal's own, copied from it and filled by SQL."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

import psycopg
from django.db import connection, connections
from django.db.models import Model
from psycopg import sql
from psycopg.conninfo import make_conninfo


@contextmanager
def as_default(name: str) -> Iterator[None]:
    """Use this database as the default in the block."""
    before = connections["default"]
    connections["default"] = connections[name]
    try:
        yield
    finally:
        connections["default"] = before


def copy_of_portal(name: str) -> None:
    """Copy the portal's migrated database, and register an alias for the copy."""
    for wrapper in connections.all():
        wrapper.close()
        wrapper.close_pool()  # type: ignore[attr-defined]  # nobody may be connected to a database while it is copied
    settings = deepcopy(connections.settings["default"])
    portal = settings["NAME"]
    with psycopg.connect(make_conninfo(os.environ["DATABASE_URL"], dbname="postgres"), autocommit=True) as plain:
        plain.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
        made = sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(portal))
        plain.execute(made)
    connections.settings[name] = settings | {"NAME": name}


def fill(statements: str, values: Mapping[str, Any]) -> None:
    """Run SQL statements in the default database, each of which ends with a line, then tell the planner of the rows."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no checks of foreign keys and no triggers
        for statement in statements.split(";\n"):
            if statement.strip():
                cursor.execute(statement, values or None)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")


def stored(model: type[Model], field: str, value: Any) -> Any:
    """Return a value as the database stores it, encrypted if the field is. Filled rows share it."""
    column: Any = model._meta.get_field(field)
    return column.get_db_prep_value(value, connection)
