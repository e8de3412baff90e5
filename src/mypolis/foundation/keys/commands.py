"""`mypolis keys create` and `mypolis keys rotate`."""

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from mypolis.foundation.events.by_option import add_by
from mypolis.foundation.lib.crypto import keyring

if TYPE_CHECKING:
    from mypolis.foundation.keys.rotation import Rotation

    type Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

WAIT_SECONDS = 3.0


def add_parser(subparsers: "Subparsers") -> None:
    """Add `keys` to the command line; each command's `run(arguments)` returns the exit code."""
    keys = subparsers.add_parser("keys", help="create and rotate the encryption keys")
    commands = keys.add_subparsers(dest="keys_command", required=True, metavar="COMMAND")

    creating = commands.add_parser("create", help="create a key ring", description=_create.__doc__)
    creating.add_argument("path", type=Path, nargs="?", metavar="PATH", help="default: MYPOLIS_KEYS_FILE")
    creating.set_defaults(run=_create, needs="nothing")

    rotating = commands.add_parser("rotate", help="replace the key by a new one", description=_rotate.__doc__)
    rotating.add_argument(
        "--finish",
        action="store_true",
        help="make no new key: re-encrypt what is left with the newest key, and retire unused keys",
    )
    rotating.add_argument(
        "--wait",
        type=float,
        default=WAIT_SECONDS,
        metavar="SECONDS",
        help="how long all servers need to notice a change of the key ring (%(default)s)",
    )
    add_by(rotating, default="system")
    rotating.set_defaults(run=_rotate)


def _create(arguments: argparse.Namespace) -> int:
    """Create a key ring with one new key. Without it nobody can read the data: back it up apart from the database."""
    named = arguments.path or os.environ.get("MYPOLIS_KEYS_FILE")
    if not named:
        sys.stderr.write("Name the file, or set MYPOLIS_KEYS_FILE.\n")
        return 2
    try:
        keyring.create(Path(named))
    except FileExistsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{named}: a key ring with the key k1. Back it up apart from the database.\n")
    return 0


def _rotate(arguments: argparse.Namespace) -> int:
    """Replace the encryption key while the portal runs. If interrupted, run it again: it continues where it stopped.

    Exit code 1: some rows still use an old key.
    """
    from mypolis.foundation.keys.rotation import rotate  # noqa: PLC0415 - needs Django set up

    done = rotate(by=arguments.by, new_key=not arguments.finish, wait=arguments.wait)
    sys.stdout.write("\n".join(_as_lines(done)) + "\n")
    return 0 if done.is_complete else 1


def _as_lines(done: "Rotation") -> Iterator[str]:
    yield f"Key {done.primary} is in use."
    for place, moved in done.moved.items():
        yield f"  {place}: {moved.done:,} rows updated"
        if moved.locked:
            yield f"    {moved.locked:,} rows are locked by other processes: run `mypolis keys rotate --finish` again"
        if moved.equal:
            yield f"    {moved.equal:,} rows have the same value as another row: merge them, then --finish again"
    if done.waits_for:
        yield f"  {done.waits_for:,} older transactions still run: run `mypolis keys rotate --finish` again"
    for key_id in done.retired:
        yield f"Key {key_id} is retired: keep its copy as long as you keep older backups of the database."
    for key_id, uses in done.kept.items():
        yield f"Key {key_id} is still needed for {'; '.join(uses)}."
