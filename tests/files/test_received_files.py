"""Received files: sealed in parts, found by their contents, forgotten when their time is over."""

import itertools
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mypolis.foundation.events import SYSTEM, Actor
from mypolis.foundation.events.models import Event
from mypolis.foundation.files import flows
from mypolis.foundation.files.jobs import forget_received, sweep
from mypolis.foundation.files.models import ReceivedFile, ReceivedPart, StoredFile
from mypolis.foundation.files.receiving import (
    BytesForgottenError,
    adopt_parts,
    forget_bytes,
    open_received,
    receive,
    remove_received,
    seal_until,
)
from mypolis.foundation.files.sealed_parts import open_parts, seal_part
from mypolis.foundation.files.storage import storage
from mypolis.foundation.keys.rotation import rotate
from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.lib.crypto.sealed_stream import BrokenStreamError, new_key
from mypolis.foundation.markets import market
from mypolis.membership.people.models import Person
from tests.cast import ANNA, VERA, on_file
from tests.clock import stopped_at
from tests.effort import examples
from tests.files.conftest import folder
from tests.keys.conftest import ring

__all__ = ["folder", "ring"]

MEMBER = Actor("member", "7")
BYTES = b"\xff\xd8 a receipt of Anna's " * 9_000


@pytest.fixture
def anna(db: None, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Person:
    """Anna, who may own files here: no room declares persons as owners."""
    monkeypatch.setattr(flows, "owners", lambda: frozenset({"people.person"}))
    return on_file(ANNA)


def given_by(owner: Person, **changes: Any) -> ReceivedFile:
    named = {"kind": "receipt", "name": "чек.jpg", "content": [BYTES], **changes}
    return receive(market=owner.market, owner=owner, by=MEMBER, **named)


def bytes_of(received: ReceivedFile) -> bytes:
    return b"".join(open_received(received))


def on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_row_of_a_model_that_no_room_declares_receives_nothing(db: None, folder: Path) -> None:
    with pytest.raises(ValueError, match="no room declares people\\.person"):
        given_by(on_file(ANNA))
    assert on_disk(folder) == []


def test_received_bytes_come_back_as_they_came_and_wait_for_their_check(anna: Person) -> None:
    given_by(anna)
    received = ReceivedFile.objects.of(anna).get()
    assert bytes_of(received) == BYTES
    assert (received.state, received.size, received.name) == ("checking", len(BYTES), "чек.jpg")
    assert (received.checked_at, received.cleaned, received.pages, received.reason) == (None, None, None, "")


def test_nothing_of_received_bytes_can_be_read_on_the_disk(anna: Person, folder: Path) -> None:
    given_by(anna)
    (path,) = on_disk(folder)
    assert b"Anna" not in path.read_bytes()
    assert "jpg" not in str(path.relative_to(folder))


def test_a_source_that_breaks_leaves_no_row(anna: Person) -> None:
    def breaking() -> Iterator[bytes]:
        yield BYTES
        raise OSError("the line broke")

    with pytest.raises(OSError, match="the line broke"), transaction.atomic():
        given_by(anna, content=breaking())
    assert not ReceivedFile.objects.exists()
    assert not ReceivedPart.objects.exists()


@settings(
    max_examples=examples(60, quick=10),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(data=st.binary(max_size=300_000), cuts=st.lists(st.integers(0, 300_000), max_size=5))
def test_parts_of_any_sizes_are_one_file(anna: Person, data: bytes, cuts: list[int]) -> None:
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    file, key = uuid.uuid4(), new_key()
    for start, end in itertools.pairwise(edges):
        seal_part(file=file, key=key, start=start, content=[data[start:end]]).save(force_insert=True)
    assert b"".join(open_parts(file=file, key=key)) == data
    assert [part.size for part in ReceivedPart.objects.filter(file=file).order_by("start")] == [
        end - start for start, end in itertools.pairwise(edges)
    ]


def sealed(file: uuid.UUID, key: bytes, *contents: bytes) -> list[ReceivedPart]:
    parts, start = [], 0
    for content in contents:
        part = seal_part(file=file, key=key, start=start, content=[content])
        part.save(force_insert=True)
        parts.append(part)
        start += len(content)
    return parts


def test_parts_that_changed_places_on_the_disk_do_not_open(anna: Person, folder: Path) -> None:
    file, key = uuid.uuid4(), new_key()
    one, other = sealed(file, key, b"a" * 10, b"b" * 10)
    first, second = (folder / part.place for part in (one, other))
    kept = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(kept)
    with pytest.raises(BrokenStreamError):
        list(open_parts(file=file, key=key))


def test_a_part_of_another_file_does_not_open(anna: Person, folder: Path) -> None:
    key = new_key()
    (mine,), (other,) = sealed(uuid.uuid4(), key, b"a" * 10), sealed(uuid.uuid4(), key, b"b" * 10)
    (folder / mine.place).write_bytes((folder / other.place).read_bytes())
    with pytest.raises(BrokenStreamError):
        list(open_parts(file=mine.file, key=key))


def test_a_missing_part_is_an_error(anna: Person, folder: Path) -> None:
    file, key = uuid.uuid4(), new_key()
    first, _second = sealed(file, key, b"a" * 10, b"b" * 10)
    first.delete()
    with pytest.raises(BrokenStreamError):
        list(open_parts(file=file, key=key))


def test_a_file_whose_part_the_storage_lost_is_an_error(anna: Person, folder: Path) -> None:
    received = given_by(anna)
    (path,) = on_disk(folder)
    path.unlink()
    with pytest.raises(FileNotFoundError):
        bytes_of(received)


def test_the_same_part_written_twice_has_two_keys(anna: Person, folder: Path) -> None:
    """After a crash a part is written again. With the same key and nonces, the two would give away their contents."""
    file, key = uuid.uuid4(), new_key()
    written = [seal_part(file=file, key=key, start=0, content=[b"same bytes"]) for _time in range(2)]
    first, second = ((folder / part.place).read_bytes() for part in written)
    assert first != second


def test_two_writers_cannot_both_write_the_same_place(anna: Person) -> None:
    file, key = uuid.uuid4(), new_key()
    sealed(file, key, b"one")
    with pytest.raises(IntegrityError), transaction.atomic():
        sealed(file, key, b"another")


def test_the_same_bytes_given_again_are_the_same_file(anna: Person, folder: Path, run_after_commit: Any) -> None:
    first = given_by(anna)
    with run_after_commit(execute=True):
        again = given_by(anna, name="another name.jpg")
    assert again == first
    assert len(on_disk(folder)) == ReceivedPart.objects.count() == 1
    assert bytes_of(first) == BYTES


def test_the_same_bytes_as_another_kind_or_for_another_owner_are_another_file(anna: Person) -> None:
    first, prescription, veras = given_by(anna), given_by(anna, kind="prescription"), given_by(on_file(VERA))
    assert len({first, prescription, veras}) == 3
    assert set(ReceivedFile.objects.with_contents(first.sha256)) == {first, prescription, veras}
    assert set(ReceivedFile.objects.of_any([anna])) == {first, prescription}


def test_the_digest_by_which_duplicates_are_found_is_keyed(anna: Person) -> None:
    received = given_by(anna)
    assert bytes.fromhex(received.sha256) != bytes(received.sha256_digest)
    assert bytes(received.sha256_digest) in keyring.current().digests(received.sha256, purpose="received-contents")


@pytest.fixture
def run_after_commit(django_capture_on_commit_callbacks: Any) -> Any:
    """Runs what waits for the end of the transaction."""
    return django_capture_on_commit_callbacks


def test_forgotten_bytes_are_gone_and_their_digest_remains(anna: Person, folder: Path, run_after_commit: Any) -> None:
    received = given_by(anna)
    digest = received.sha256
    with run_after_commit(execute=True):
        forget_bytes(received=received, by=SYSTEM)
        forget_bytes(received=received, by=SYSTEM)
    again = ReceivedFile.objects.get()
    assert (again.key, again.sha256, again.size) == (None, digest, len(BYTES))
    assert on_disk(folder) == []
    with pytest.raises(BytesForgottenError):
        open_received(again)
    assert Event.objects.filter(kind="received_file.forgotten").count() == 1
    assert ReceivedFile.objects.with_contents(digest).get() == again


def test_bytes_are_forgotten_after_the_day_that_was_named_and_not_before(anna: Person) -> None:
    kept, named = given_by(anna, kind="other"), given_by(anna)
    day = market(anna.market).today() + timedelta(days=30)
    seal_until(received=named, day=day, by=SYSTEM)
    for later, sealed_still in ((30, True), (31, False)):
        with stopped_at(timezone.now() + timedelta(days=later)):
            forget_received(timestamp=0)
        named.refresh_from_db()
        assert (named.key is not None) is sealed_still
    kept.refresh_from_db()
    assert kept.key, "no day was named"


def test_a_removed_file_takes_everything_with_it(anna: Person, folder: Path, run_after_commit: Any) -> None:
    received = given_by(anna)
    received.cleaned = flows.store(
        market="ru", owner=anna, kind="receipt", name="clean.jpg", media_type="image/jpeg", content=[b"x"], by=SYSTEM
    )
    received.save()
    with run_after_commit(execute=True):
        remove_received(received=received, by=MEMBER)
    assert not ReceivedFile.objects.exists()
    assert not ReceivedPart.objects.exists()
    assert not StoredFile.objects.exists()
    assert on_disk(folder) == []


def test_a_file_is_removed_although_the_storage_is_away(anna: Person, folder: Path, run_after_commit: Any) -> None:
    received = given_by(anna)
    folder.rename(folder.with_name("aside"))
    folder.touch()
    with run_after_commit(execute=True):
        remove_received(received=received, by=MEMBER)
    assert not ReceivedFile.objects.exists()


def test_the_sweep_knows_parts_and_deletes_those_that_no_row_names(anna: Person, folder: Path) -> None:
    received = given_by(anna)
    lost = seal_part(file=uuid.uuid4(), key=new_key(), start=0, content=[b"of a transaction that failed"])
    with stopped_at(storage().get_modified_time(lost.place) + timedelta(days=2)):
        sweep(timestamp=0)
    assert not (folder / lost.place).exists()
    assert bytes_of(received) == BYTES


def test_parts_become_a_file_without_being_written_again(anna: Person, folder: Path) -> None:
    file, key = uuid.uuid4(), new_key()
    sealed(file, key, b"one ", b"two")
    before = {path: path.stat().st_ino for path in on_disk(folder)}
    received = adopt_parts(
        file_id=file, key=key, size=7, sha256="ab" * 32, market="ru", owner=anna, kind="receipt", name="x", by=MEMBER
    )
    assert (received.pk, bytes_of(received)) == (file, b"one two")
    assert {path: path.stat().st_ino for path in on_disk(folder)} == before


@pytest.mark.django_db(transaction=True)
def test_received_files_open_and_are_found_under_the_new_key(ring: Path, anna: Person) -> None:
    received = given_by(anna)
    assert rotate(by=SYSTEM, wait=1.1, patience=5).retired == ("k1",)
    again = ReceivedFile.objects.get()
    assert (bytes_of(again), again.name) == (BYTES, "чек.jpg")
    assert given_by(anna) == received


def test_what_happened_is_recorded_without_the_name(anna: Person) -> None:
    received = given_by(anna)
    seal_until(received=received, day=market("ru").today(), by=SYSTEM)
    forget_bytes(received=received, by=SYSTEM)
    remove_received(received=received, by=MEMBER)
    kinds = ["added", "sealed", "forgotten", "removed"]
    told = Event.objects.filter(kind__startswith="received_file.").order_by("id")
    assert [event.kind for event in told] == [f"received_file.{kind}" for kind in kinds]
    assert "чек" not in str([event.facts for event in told])
