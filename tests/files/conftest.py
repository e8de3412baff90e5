import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.files.clamd import Gate, running_clamd


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """The folder of this test's encrypted files."""
    place = tmp_path / "files"
    files = {**settings.STORAGES["files"], "OPTIONS": {**settings.STORAGES["files"]["OPTIONS"], "location": place}}
    settings.STORAGES = {**settings.STORAGES, "files": files}
    return place


@pytest.fixture(scope="session")
def clamd_socket() -> Iterator[Path]:
    """The socket of a real clamd that knows EICAR and nothing else."""
    with tempfile.TemporaryDirectory(prefix="clamd") as folder, running_clamd(Path(folder)) as path:
        yield path


@pytest.fixture
def gate(clamd_socket: Path) -> Iterator[Gate]:
    """A gate before the real clamd, whose definitions are of yesterday."""
    with tempfile.TemporaryDirectory(prefix="gate") as folder:
        gate = Gate(Path(folder) / "clamd.sock", clamd_socket)
        yield gate
        gate.close()
