"""The extension point `uploads.targets`: what members may upload files for.

A room declares `extends = {"uploads.targets": ("uploads.TARGET",)}`, and names the owner's model in its `file_owners`:

    TARGET = Target(key="claim", find=claim_of, received=file_came, remove=remove_file)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import models

from mypolis.foundation.events import Actor
from mypolis.foundation.files.models import ReceivedFile
from mypolis.foundation.rooms import extensions
from mypolis.membership.accounts.models import Account
from mypolis.membership.uploads.errors import NoSuchTarget

MOST_BYTES = 20 * 1024 * 1024

type Metadata = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Target:
    """Something that members may upload files for.

    `key` is the name in the upload's metadata whose value names the owner: "claim". The metadata `document` is the
    file's kind, and `filename` its name.

    `find(account, metadata, by)` returns the owner, a row. It is called before the first byte and again after the last
    one. It raises `errors.NoSuchTarget` if the member has no such owner, and `errors.NotAccepted`, with a sentence for
    the member, if this file cannot be added (another kind, too many files, already sent).

    `received(received, by)` is called in the transaction in which the file was added. `remove(account, received, by)`
    removes a file again; it raises NotAccepted if it is too late.
    """

    key: str
    find: Callable[[Account, Metadata, Actor], models.Model]
    received: Callable[[ReceivedFile, Actor], None]
    remove: Callable[[Account, ReceivedFile, Actor], None]
    most_bytes: int = MOST_BYTES


def target_in(metadata: Metadata) -> Target:
    """The target that the metadata names. Raises NoSuchTarget if it names none or several."""
    found = [target for target in extensions("uploads.targets") if target.key in metadata]
    if len(found) != 1:
        raise NoSuchTarget
    target: Target = found[0]
    return target


def most_bytes_anywhere() -> int:
    """The size of the largest file that any target takes."""
    return max((target.most_bytes for target in extensions("uploads.targets")), default=MOST_BYTES)
