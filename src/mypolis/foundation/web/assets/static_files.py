"""Static files as they are served: collected, fingerprinted and compressed after a change."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect() -> None:
    """Update the folder of static files. If nothing changed, it only checks each file."""
    folder = Path(settings.STATIC_ROOT)
    stamp = folder.with_suffix(".stamp")
    now = _fingerprint()
    if folder.is_dir() and stamp.exists() and stamp.read_text(encoding="ascii") == now:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(now, encoding="ascii")


def _fingerprint() -> str:
    found = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(None):
            state = Path(storage.path(name)).stat()
            found.update(f"{name}:{state.st_size}:{state.st_mtime_ns}\n".encode())
    return found.hexdigest()
