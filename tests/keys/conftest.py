from pathlib import Path
from typing import Any

import pytest

from mypolis.foundation.lib.crypto import keyring

RECHECK_SECONDS = 0.1


@pytest.fixture
def ring(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A separate key ring for this test, with the key k1. Changes are noticed sooner than by a real server."""
    monkeypatch.setattr(keyring, "RECHECK_SECONDS", RECHECK_SECONDS)
    path = tmp_path / "keys.json"
    keyring.create(path)
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"keys_file": path})
    return path
