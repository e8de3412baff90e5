"""What a demo needs before it can serve: tables, static files, sample people; made when missing."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connections

from mypolis.demo import mark
from mypolis.demo.seed import seed


def prepare(home: Path) -> None:
    """Make everything that is missing. Raises mark.ForeignDatabase."""
    mark.claim(settings.MYPOLIS.database_url)
    call_command("migrate", interactive=False, verbosity=0)
    _collect_static(home / "static.stamp")
    seed()
    connections.close_all()


def _collect_static(stamp: Path) -> None:
    """Collect the static files when one of them changed since the last time."""
    now = _fingerprint()
    if settings.STATIC_ROOT.is_dir() and stamp.exists() and stamp.read_text() == now:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(now)


def _fingerprint() -> str:
    found = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(None):
            state = Path(storage.path(name)).stat()
            found.update(f"{name}:{state.st_size}:{state.st_mtime_ns}\n".encode())
    return found.hexdigest()
