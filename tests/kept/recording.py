"""A recording: a whole database, the sealed files beside it and the key ring, in one archive.

    recording.json      which commit, when, the names of its tasks, the contexts of its sealed columns
    schema-before.sql   tables and functions, to be there before the rows
    schema-after.sql    keys, constraints, indexes and triggers, to be made over the rows
    sequences.sql       where the counters are
    rows/<table>        the rows, as PostgreSQL's COPY writes them
    files/…             the folder of sealed files
    keys.json           the key ring

`tests/kept/writing.py` writes it. Reading needs nothing but a connection.
"""

import json
import tarfile
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

FOLDER = Path(__file__).resolve().parent
RECORDINGS = sorted(FOLDER.glob("*.tar.xz"))


class Recording:
    """An archive that was unpacked into a folder of the test's own."""

    def __init__(self, archive: Path, folder: Path) -> None:
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
        self.folder = folder
        self.about: dict[str, Any] = json.loads((folder / "recording.json").read_text())
        self.keys_file.chmod(0o600)

    @property
    def keys_file(self) -> Path:
        """The key ring. A copy of it is what a test may change."""
        return self.folder / "keys.json"

    @property
    def files(self) -> Path:
        """The folder of sealed files."""
        return self.folder / "files"

    @property
    def tables(self) -> list[str]:
        """Every table that the database had."""
        return sorted(path.name for path in (self.folder / "rows").iterdir())

    def rows(self, table: str) -> int:
        """How many rows a table had."""
        return len((self.folder / "rows" / table).read_bytes().splitlines())

    def restore(self, database: psycopg.Connection[Any]) -> None:
        """Fill an empty database."""
        with database.cursor() as cursor:
            cursor.execute((self.folder / "schema-before.sql").read_bytes())
            for table in self.tables:
                with cursor.copy(sql.SQL("COPY public.{} FROM STDIN").format(sql.Identifier(table))) as copy:
                    copy.write((self.folder / "rows" / table).read_bytes())
            for script in ("sequences.sql", "schema-after.sql"):
                cursor.execute((self.folder / script).read_bytes())
        database.commit()
