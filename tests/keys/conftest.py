from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from mypolis.foundation.lib.crypto import keyring

RECHECK_SECONDS = 0.1


@pytest.fixture
def ring(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A key ring of this test's own, with the key k1. Its changes are noticed sooner than a server notices them."""
    monkeypatch.setattr(keyring, "RECHECK_SECONDS", RECHECK_SECONDS)
    path = tmp_path / "keys.json"
    keyring.create(path)
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"keys_file": path})
    return path


@pytest.fixture
def empty_queue(transactional_db: None) -> Iterator[None]:
    """No job is left behind: Django does not clear tables that it does not manage."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers")
