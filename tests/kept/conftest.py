"""Restores and migrates each stored recording once. What a test writes is rolled back."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copy, copytree
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, transaction

from tests.kept.recording import RECORDINGS, Recording


@dataclass(frozen=True)
class Yesterday:
    """An installation after an update from older code to the current code."""

    recording: Recording
    keys_file: Path


@pytest.fixture(scope="session", params=RECORDINGS, ids=lambda path: path.name.partition(".")[0])
def recording(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """One of the stored recordings."""
    return Recording(request.param, tmp_path_factory.mktemp("recording"))


@pytest.fixture(scope="session")
def migrated(recording: Recording, django_db_blocker: Any) -> Iterator[str]:
    """The name of a restored and migrated database."""
    name = f"kept_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    with django_db_blocker.unblock(), database(connection.settings_dict["NAME"], autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name}")
        server.execute(f"CREATE DATABASE {name}")
        with database(name) as restored:
            recording.restore(restored)
        with _standing_on(name):
            call_command("migrate", interactive=False, verbosity=0)
    yield name
    with database(connection.settings_dict["NAME"], autocommit=True) as server:
        server.execute(f"DROP DATABASE {name}")


@pytest.fixture
def yesterday(
    recording: Recording, migrated: str, settings: Any, tmp_path: Path, django_db_blocker: Any
) -> Iterator[Yesterday]:
    """The database, and copies of the files and the key ring. The test uses all of them."""
    keys_file = Path(copy(recording.keys_file, tmp_path / "keys.json"))
    files = {**settings.STORAGES["files"], "OPTIONS": {**settings.STORAGES["files"]["OPTIONS"]}}
    files["OPTIONS"]["location"] = copytree(recording.files, tmp_path / "files")
    settings.STORAGES = {**settings.STORAGES, "files": files}
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"keys_file": keys_file})
    with django_db_blocker.unblock(), _standing_on(migrated), transaction.atomic():
        yield Yesterday(recording, keys_file)
        transaction.set_rollback(True)


@contextmanager
def _standing_on(name: str) -> Iterator[None]:
    """Connect Django's default connection to this database."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def database(name: str, *, autocommit: bool = False) -> psycopg.Connection[Any]:
    """Open another connection to a database of the same server."""
    at = connection.settings_dict
    return psycopg.connect(
        dbname=name,
        host=at["HOST"],
        port=at["PORT"] or None,
        user=at["USER"],
        password=at["PASSWORD"],
        autocommit=autocommit,
    )
