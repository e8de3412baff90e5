"""The disk of the store is really full: during an upload, and while a cleaned copy is written."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.claims.client import Claimant
from tests.faults.claims.ledger import differences
from tests.faults.claims.place import Place, place_with
from tests.faults.test_one_fault import fill, small_disk
from tests.files.clamd import Gate
from tests.waiting import until

pytestmark = [pytest.mark.xdist_group("faults")]


@pytest.fixture
def place(tmp_path: Path, gate: Gate) -> Iterator[Place]:
    """A deployment whose files are on a small disk."""
    with small_disk(tmp_path / "files"), place_with(tmp_path, gate, members=2) as place:
        yield place


@contextmanager
def full(place: Place) -> Iterator[None]:
    """The disk is full in the block."""
    fill(place.world.home / "files", left=0)
    yield
    (place.world.home / "files" / "ballast").unlink()


def test_an_upload_goes_on_when_the_disk_has_room_again(place: Place) -> None:
    claimant = Claimant(place.world, place.members[0], place.next_papers(2))
    making = threading.Thread(target=claimant.make)
    with full(place):
        making.start()
        until(lambda: claimant.resumed > 2)
        assert not claimant.files
    making.join()
    assert_nothing_is_lost(place, claimant)


def test_a_copy_is_written_when_the_disk_has_room_again(place: Place) -> None:
    place.gate.hold()
    claimant = Claimant(place.world, place.members[0], place.next_papers(2))
    claimant.make()
    until(lambda: place.gate.held)
    with full(place):
        place.gate.release()
        until(lambda: '"error": "StoreAwayError"' in place.world.log)
    assert_nothing_is_lost(place, claimant)


def assert_nothing_is_lost(place: Place, claimant: Claimant) -> None:
    """Nothing was lost or doubled."""
    place.settle()
    place.core.decide_all(1)
    place.settle()
    assert differences(place.world, [claimant], place.core) == []
