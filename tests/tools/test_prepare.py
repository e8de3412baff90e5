"""`tools/prepare.py` on a machine like Debian 12: `python3` is 3.11, no newer Python, and no network."""

import hashlib
import json
import os
import platform
import subprocess
import sys
import sysconfig
import tarfile
from pathlib import Path

import pytest

from tests.house.places import ROOT

UV = ROOT / ".uv" / "bin" / "uv"
RELEASES = "https://github.com/astral-sh/python-build-standalone/releases/download"
VERSION = platform.python_version()
KEY = f"cpython-{VERSION}-linux-{platform.machine()}-gnu"
LEFT_OUT = {"site-packages", "dist-packages", "test", "idlelib", "tkinter", "ensurepip", "__pycache__"}

# The pinned Python of the test is the one that runs it: the archive is made of that. An older one runs the tool.
DRIVER = f"""
import sys
sys.path.insert(0, "tools")
sys.executable = sys._base_executable = "old/python3"
import prepare
prepare.PYTHON_VERSION = "{VERSION}"
sys.exit(prepare.main(sys.argv[1:]))
"""
OLD_PYTHON = """#!/bin/sh
case "$2" in *sys.version_info*) echo 3 11 "$0" ;; *) exit 1 ;; esac
"""
NO_VENV = """#!/bin/sh
case "$2" in *ensurepip*) exit 1 ;; *) echo 3 11 "$0" ;; esac
"""
BACKEND = """
import zipfile
def build_editable(folder, config_settings=None, metadata_directory=None):
    with zipfile.ZipFile(f"{folder}/fresh-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr("fresh-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: fresh\\nVersion: 1\\n")
        wheel.writestr("fresh-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("fresh-1.dist-info/RECORD", "")
    return "fresh-1-py3-none-any.whl"
"""
PROJECT = '[project]\nname = "fresh"\nversion = "1"\n[build-system]\nrequires = []\nbuild-backend = "backend"\n'

pytestmark = pytest.mark.skipif(not UV.exists(), reason="the uv that tools/prepare.py installs is not here")


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that stands for the place of uv's archives, with one of the Python that runs this."""
    folder = tmp_path_factory.mktemp("mirror")
    archive = folder / "1" / "python.tar.gz"
    archive.parent.mkdir()
    library = Path(sysconfig.get_path("stdlib"))
    with tarfile.open(archive, "w:gz", compresslevel=1) as tar:
        tar.add(Path(sys.base_prefix) / "bin" / library.name, f"python/bin/{library.name}")
        tar.add(library, f"python/lib/{library.name}", filter=_kept)
        for shared in Path(sys.base_prefix, "lib").glob("libpython3*.so*"):
            tar.add(shared, f"python/lib/{shared.name}")
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    (folder / "downloads.json").write_text(json.dumps({KEY: _download(digest)}))
    return folder


def _kept(one: tarfile.TarInfo) -> tarfile.TarInfo | None:
    path = Path(one.name)
    return None if path.name in LEFT_OUT or path.suffix == ".a" else one


def _download(digest: str) -> dict[str, object]:
    major, minor, patch = (int(part) for part in platform.python_version_tuple())
    return {
        "name": "cpython", "arch": {"family": platform.machine(), "variant": None}, "os": "linux", "libc": "gnu",
        "major": major, "minor": minor, "patch": patch, "prerelease": "", "variant": None, "build": "1",
        "url": f"{RELEASES}/1/python.tar.gz", "sha256": digest,
    }  # fmt: skip


class Machine:
    """A checkout in a folder of its own, on a machine that shows no Python but an old one, and has no network."""

    def __init__(self, folder: Path, mirror: Path) -> None:
        self.folder, self.mirror = folder, mirror
        for name in ("tools", "old", "home", "empty", ".uv/bin"):
            (folder / name).mkdir(parents=True)
        (folder / "tools" / "prepare.py").write_text((ROOT / "tools" / "prepare.py").read_text())
        (folder / "requirements.lock").write_text("")
        (folder / "pyproject.toml").write_text(PROJECT + 'backend-path = ["."]\n')
        (folder / "backend.py").write_text(BACKEND)
        (folder / ".uv" / "bin" / "uv").symlink_to(UV)
        self.python(OLD_PYTHON)

    def python(self, script: str) -> None:
        """What `python3` is here."""
        path = self.folder / "old" / "python3"
        path.write_text(script)
        path.chmod(0o755)

    def prepare(self, *options: str) -> subprocess.CompletedProcess[str]:
        """Run the tool."""
        environment = {
            "PATH": f"{self.folder}/old",
            "HOME": f"{self.folder}/home",
            "PYENV_ROOT": f"{self.folder}/empty",
            "UV_PYTHON_INSTALL_MIRROR": self.mirror.as_uri(),
            "UV_PYTHON_DOWNLOADS_JSON_URL": f"{self.mirror}/downloads.json",
            "UV_OFFLINE": "0",
            "UV_NO_CONFIG": "1",
            "LD_LIBRARY_PATH": os.environ.get("LD_LIBRARY_PATH", ""),
        }
        command = [sys.executable, "-c", DRIVER, *options]
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=120, check=False
        )

    def lose_the_network(self) -> None:
        """Nothing is at the archives' place any more."""
        for archive in self.mirror.glob("*/*.tar.gz"):
            archive.rename(archive.with_suffix(".away"))


@pytest.fixture
def machine(tmp_path: Path, mirror: Path) -> Machine:
    """A fresh machine; archives that another test moved away are back."""
    for archive in mirror.glob("*/*.away"):
        archive.rename(archive.with_suffix(".gz"))
    return Machine(tmp_path, mirror)


def test_where_no_python_is_new_enough_uv_downloads_the_pinned_one(machine: Machine) -> None:
    done = machine.prepare()
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert "No Python 3.12 or newer found" in done.stderr
    assert f"Downloading Python {VERSION} (this version is pinned) with uv" in done.stderr
    ask = [machine.folder / ".venv" / "bin" / "python", "-c", "import sys, ssl; print(sys.base_prefix)"]
    base = subprocess.run(ask, capture_output=True, text=True, check=True).stdout
    assert base.startswith(f"{machine.folder}/home/"), "it is uv's Python, not the machine's"


def test_a_python_that_uv_downloaded_before_is_found_without_a_network(machine: Machine) -> None:
    assert machine.prepare().returncode == 0
    machine.lose_the_network()
    (machine.folder / ".venv" / "prepared.json").unlink()
    (machine.folder / ".venv" / "bin" / "python").unlink()
    done = machine.prepare()
    assert done.returncode == 0, done.stderr
    assert "Downloading" not in done.stderr


def test_without_a_network_it_says_how_to_get_a_python(machine: Machine) -> None:
    machine.lose_the_network()
    done = machine.prepare()
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("Python 3.12 or newer is missing (searched PATH, pyenv and uv): install one")
    assert not (machine.folder / ".venv").exists()


def test_an_archive_with_other_contents_is_refused(machine: Machine) -> None:
    table = machine.mirror / "downloads.json"
    right = table.read_text()
    table.write_text(json.dumps({KEY: _download("0" * 64)}))
    done = machine.prepare()
    table.write_text(right)
    assert done.returncode == 1
    assert "Hash mismatch" in done.stderr


def test_debians_python_without_venv_is_told_what_to_install(machine: Machine) -> None:
    machine.python(NO_VENV)
    (machine.folder / ".uv" / "bin" / "uv").unlink()
    done = machine.prepare()
    assert done.returncode == 1
    assert "apt-get install python3-venv" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("option", "package"),
    [
        ("--browser", "chromium"),
        ("--scanner", "--no-install-recommends clamav-daemon"),
        ("--faketime", "faketime"),
        ("--other-browsers", "firefox-esr webkit2gtk-driver xvfb"),
    ],
)
def test_what_debian_has_is_named_where_it_cannot_be_installed(machine: Machine, option: str, package: str) -> None:
    at = {"--browser": Path("/usr/bin/chromium"), "--scanner": Path("/usr/sbin/clamd")}.get(option)
    if at is not None and at.exists():
        pytest.skip(f"{at.name} is here")
    done = machine.prepare(option)
    assert done.returncode == 1
    assert f"sudo apt-get install {package}" in done.stderr
