"""A file of a package from the npm registry, with a pinned digest; downloaded once into the checkout's `.venv`."""

import hashlib
import io
import os
import tarfile
import urllib.request
from pathlib import Path

from tests.house.places import ROOT

REGISTRY = "https://registry.npmjs.org"  # npm's own default; npm_config_registry names another one


def file_of(package: str, version: str, member: str, *, sha512: str) -> Path:
    """The path of one file of the package. Raises ValueError if the registry sends another package."""
    kept = ROOT / ".venv" / "npm" / f"{package}-{version}" / Path(member).name
    if not kept.exists():
        registry = os.environ.get("npm_config_registry", REGISTRY).rstrip("/")  # noqa: SIM112 - npm's own spelling
        with urllib.request.urlopen(f"{registry}/{package}/-/{package}-{version}.tgz", timeout=60) as answer:
            packed = answer.read()
        if hashlib.sha512(packed).hexdigest() != sha512:
            raise ValueError(f"{package} {version} is not the pinned package")
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            content = archive.extractfile(f"package/{member}")
            assert content is not None
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(content.read())
    return kept
