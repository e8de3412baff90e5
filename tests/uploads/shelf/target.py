"""The member's shelf as a target: `shelf` is the account's key, and `document` must be "photo"."""

from django.db import models

from mypolis.foundation.events import Actor
from mypolis.foundation.files.models import ReceivedFile
from mypolis.foundation.files.receiving import remove_received
from mypolis.membership.accounts.models import Account
from mypolis.membership.uploads.errors import NoSuchTarget, NotAccepted
from mypolis.membership.uploads.targets import Metadata, Target

MOST = 20 * 1024 * 1024
CAME: list[str] = []
CLOSED: set[int] = set()


def find(account: Account, metadata: Metadata, by: Actor) -> models.Model:
    """The account is its own shelf."""
    if metadata["shelf"] != str(account.pk):
        raise NoSuchTarget
    if account.pk in CLOSED:
        raise NotAccepted("The shelf is closed.")
    if metadata.get("document") != "photo":
        raise NotAccepted("Only photos belong here.")
    return account


def received(file: ReceivedFile, by: Actor) -> None:
    """Note that a file came."""
    CAME.append(str(file.pk))


def remove(account: Account, file: ReceivedFile, by: Actor) -> None:
    """Take a file from the shelf."""
    if account.pk in CLOSED:
        raise NotAccepted("The shelf is closed.")
    remove_received(received=file, by=by)


TARGET = Target(key="shelf", find=find, received=received, remove=remove, most_bytes=MOST)
