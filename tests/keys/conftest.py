from pathlib import Path
from typing import Any

import pytest

from mypolis.lib import keyring


@pytest.fixture
def ring(settings: Any, tmp_path: Path) -> Path:
    """A key ring of this test's own, with the key k1."""
    path = tmp_path / "keys.json"
    keyring.create(path)
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"keys_file": path})
    return path
