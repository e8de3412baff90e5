import os
import secrets
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo


@pytest.fixture
def empty_database(db: None) -> Iterator[str]:
    """The URL of a new database on the tests' server."""
    server = {name.lower(): connection.settings_dict[name] for name in ("USER", "PASSWORD", "HOST", "PORT")}
    name = f"demo_{os.getpid()}_{secrets.token_hex(4)}"
    address = make_conninfo(dbname=connection.settings_dict["NAME"], **{k: v for k, v in server.items() if v})
    with psycopg.connect(address, autocommit=True) as admin:
        admin.execute(f"create database {name}")
        yield make_conninfo(address, dbname=name)
        admin.execute(f"drop database {name} with (force)")
