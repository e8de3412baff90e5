"""Rotates the keys of the ring while the portal runs.

`docs/decisions/keys-and-encryption.md` explains the order of steps; `docs/reference/operations.md` explains the usage.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.keys import reencryption
from mypolis.foundation.keys.event_kinds import KeyEvent
from mypolis.foundation.keys.reencryption import Moved
from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.lib.crypto.keyring import KeyRing, KeyRingError
from mypolis.foundation.rooms import declared

PATIENCE_SECONDS = 300.0
_LOCK = 0x6B657973  # "keys" in ASCII: the advisory lock that allows one rotation at a time

_OLDER_TRANSACTIONS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend'
      AND pid <> pg_backend_pid() AND xact_start < %s
"""


@dataclass(frozen=True)
class Rotation:
    """The result of a rotation: rows by column, retired keys, and why the other old keys remain.

    `waits_for` counts transactions that began before the new key and still run. While there are any, no key is retired.
    """

    primary: str
    moved: dict[str, Moved]
    waits_for: int
    retired: tuple[str, ...]
    kept: dict[str, list[str]]

    @property
    def left(self) -> int:
        """Rows that could not be moved to the new key."""
        return sum(moved.left for moved in self.moved.values())

    @property
    def is_complete(self) -> bool:
        """Whether everything that can be re-encrypted or recomputed was."""
        return not self.left and not self.waits_for


def rotate(*, by: Actor, new_key: bool = True, wait: float, patience: float = PATIENCE_SECONDS) -> Rotation:
    """Switch to a new key for encryption and digests, including all stored values, while the portal runs.

    After an interruption at any point, the next run continues the work. Both times are in seconds: `wait` is for all
    servers to load a changed ring, `patience` is for locked rows and old transactions.
    Raises KeyRingError when there is no ring, another rotation runs, or no key can decrypt a stored value.
    """
    path = _ring_file()
    with _alone():
        if new_key:
            _promote_new(path, wait)
        time.sleep(max(wait, keyring.RECHECK_SECONDS + 0.1))
        moved = reencryption.move_everything(patience=patience)
        waits_for = _wait_for_older_transactions(patience)
        # Second pass, for what those transactions wrote.
        moved = reencryption.added(moved, reencryption.move_everything(patience=patience))
        done = _judged(path, moved, waits_for, wait)
        _record(done, by)
        for key_id in done.retired:
            keyring.retire(path, key_id)
    return done


def _promote_new(path: Path, wait: float) -> None:
    """Make a new key the primary key, unless an interrupted rotation must be finished first."""
    ring = KeyRing.load(path)
    newest = list(ring.keys)[-1]
    if newest == ring.primary:
        if reencryption.is_unfinished(ring.primary):
            return
        newest = keyring.add_key(path)
    time.sleep(wait)
    keyring.promote(path, newest)


def _wait_for_older_transactions(patience: float) -> int:
    """Wait for transactions that began before the new key. Returns how many still run after `patience` seconds.

    Such a transaction may still write a digest that it computed under the old key.
    """
    deadline = time.monotonic() + patience
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
        while True:
            cursor.execute(_OLDER_TRANSACTIONS, [now])
            (older,) = cursor.fetchone()
            if not older or time.monotonic() > deadline:
                return int(older)
            time.sleep(0.2)


def _judged(path: Path, moved: dict[str, Moved], waits_for: int, wait: float) -> Rotation:
    """The result of the rotation, and which old keys nothing needs any more."""
    ring = KeyRing.load(path)
    old = [key_id for key_id in ring.keys if key_id != ring.primary]
    if waits_for or any(found.left for found in moved.values()):
        kept = {key_id: ["the rotation is not complete"] for key_id in old}
    else:
        promoted = datetime.fromtimestamp(path.stat().st_mtime, UTC) + timedelta(seconds=wait)
        kept = {key_id: _uses(key_id, promoted) for key_id in old}
    retired = tuple(key_id for key_id, uses in kept.items() if not uses)
    return Rotation(ring.primary, moved, waits_for, retired, {key_id: uses for key_id, uses in kept.items() if uses})


def _uses(key_id: str, promoted: datetime) -> list[str]:
    """What still needs a key: password hashes that name it, and short-lived data made while it was the primary key."""
    counts = {
        "encrypted values": reencryption.count_under(key_id),
        "passwords, until their owners sign in": sum(
            rows.filter(password_hash__startswith=f"{key_id}$").count() for rows in _passwords()
        ),
        **{name: rows.filter(created_at__lt=promoted).count() for name, rows in _short_lived(timezone.now())},
    }
    return [f"{count:,} {name}" for name, count in counts.items() if count]


def _passwords() -> list[QuerySet[Any]]:
    tables = apps.get_models()
    return [table._base_manager.all() for table in tables if "password_hash" in {f.name for f in table._meta.fields}]


def _short_lived(now: datetime) -> list[tuple[str, QuerySet[Any]]]:
    """What rooms declare as `short_lived`: digests that cannot be recomputed, because their values are not stored."""
    return [found for source in declared("short_lived") for found in source(now)]


def _record(done: Rotation, by: Actor) -> None:
    record(
        KeyEvent.KEYS_ROTATED,
        market="",
        by=by,
        key=done.primary,
        rows=sum(moved.done for moved in done.moved.values()),
        left=done.left,
        retired=",".join(done.retired),
        kept=",".join(done.kept),
    )


def _ring_file() -> Path:
    path: Path | None = settings.MYPOLIS.keys_file
    if path is None:
        raise KeyRingError("no key ring: MYPOLIS_KEYS_FILE is not set")
    return path


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if cursor.fetchone() != (True,):
            raise KeyRingError("another rotation is running")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
