from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """The folder of this test's encrypted files."""
    place = tmp_path / "files"
    files = {**settings.STORAGES["files"], "OPTIONS": {**settings.STORAGES["files"]["OPTIONS"], "location": place}}
    settings.STORAGES = {**settings.STORAGES, "files": files}
    return place
