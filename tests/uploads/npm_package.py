"""A file of a package from the npm registry, with a pinned digest; downloaded once into the checkout's `.venv`."""

import hashlib
import io
import os
import shutil
import subprocess
import tarfile
import urllib.request
from pathlib import Path

from tests.house.places import ROOT


def file_of(package: str, version: str, member: str, *, sha512: str) -> Path:
    """The path of one file of the package. Raises ValueError if the registry sends another package."""
    kept = ROOT / ".venv" / "npm" / f"{package}-{version}" / Path(member).name
    if not kept.exists():
        with urllib.request.urlopen(f"{_registry()}/{package}/-/{package}-{version}.tgz", timeout=60) as answer:
            packed = answer.read()
        if hashlib.sha512(packed).hexdigest() != sha512:
            raise ValueError(f"{package} {version} is not the pinned package")
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            content = archive.extractfile(f"package/{member}")
            assert content is not None
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(content.read())
    return kept


def _registry() -> str:
    """The registry that this machine uses for npm. Raises LookupError."""
    named = os.environ.get("npm_config_registry")  # noqa: SIM112 - npm's own spelling
    npm = shutil.which("npm")
    if named is None and npm is not None:
        named = subprocess.check_output([npm, "config", "get", "registry"], text=True)
    if named is None:
        raise LookupError("name npm's registry: install npm, or set npm_config_registry")
    return named.strip().rstrip("/")
