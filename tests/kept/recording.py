"""A recording: a whole database, its encrypted files and the key ring, in one archive.

    recording.json      commit, time, names of tasks, contexts of encrypted columns
    schema-before.sql   tables and functions, to create before the rows
    schema-after.sql    keys, constraints, indexes and triggers, to create after the rows
    sequences.sql       the values of the sequences
    rows/<table>        the rows, as PostgreSQL's COPY writes them
    files/…             the folder of encrypted files
    keys.json           the key ring

`tests/kept/writing.py` writes it. Reading needs only a connection.
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
    """An archive, unpacked into a folder of the test."""

    def __init__(self, archive: Path, folder: Path) -> None:
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
        self.folder = folder
        self.about: dict[str, Any] = json.loads((folder / "recording.json").read_text())
        self.keys_file.chmod(0o600)

    @property
    def keys_file(self) -> Path:
        """The key ring. Tests change only a copy of it."""
        return self.folder / "keys.json"

    @property
    def files(self) -> Path:
        """The folder of encrypted files."""
        return self.folder / "files"

    @property
    def tables(self) -> list[str]:
        """The names of all tables in the recording."""
        return sorted(path.name for path in (self.folder / "rows").iterdir())

    def rows(self, table: str) -> int:
        """Return the number of a table's rows in the recording."""
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
