"""Files that Anna gave, and their check."""

from pathlib import Path
from typing import Any

import pytest

from mypolis.foundation.events import SYSTEM, Actor
from mypolis.foundation.files import flows
from mypolis.foundation.files.checking.check import check
from mypolis.foundation.files.flows import open_file
from mypolis.foundation.files.models import ReceivedFile, StoredFile
from mypolis.foundation.files.receiving import receive
from mypolis.membership.people.models import Person
from tests.cast import ANNA, on_file
from tests.files.good_files import picture

MEMBER = Actor("member", "7")


@pytest.fixture
def anna(db: None, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Person:
    """Anna, who may own files here: no room declares persons as owners."""
    monkeypatch.setattr(flows, "owners", lambda: frozenset({"people.person", "files.receivedfile"}))
    return on_file(ANNA)


def given_by(owner: Person, content: bytes = picture(), **changes: Any) -> ReceivedFile:
    named = {"kind": "receipt", "name": "чек.png", **changes}
    return receive(market=owner.market, owner=owner, by=MEMBER, content=[content], **named)


def after_check(received: ReceivedFile) -> ReceivedFile:
    check(received.pk)
    return ReceivedFile.objects.get(pk=received.pk)


def contents(file: StoredFile, owner: Any) -> bytes:
    return b"".join(open_file(file=file, owner=owner, by=SYSTEM))
