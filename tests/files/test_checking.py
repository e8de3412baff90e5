"""A received file is checked before anybody sees anything of it; whatever fails on the way, it is checked again."""

import errno
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from PIL import Image
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from mypolis.foundation.events import SYSTEM, Actor
from mypolis.foundation.events.models import Event
from mypolis.foundation.files import counters
from mypolis.foundation.files.checking import check as checks
from mypolis.foundation.files.checking.check import check
from mypolis.foundation.files.cleaning import cleaner
from mypolis.foundation.files.jobs import check_file, check_waiting, forget_received
from mypolis.foundation.files.models import ReceivedFile, StoredFile
from mypolis.foundation.files.receiving import forget_bytes, remove_received, seal_until
from mypolis.foundation.files.scanning.clamd import Clamd
from mypolis.foundation.files.scanning.scanner import Verdict
from mypolis.foundation.files.scanning.standin import EICAR
from mypolis.foundation.files.storage import FolderStorage
from mypolis.foundation.markets import market
from mypolis.foundation.notices.queue import FILES
from mypolis.membership.people.models import Person
from tests.clock import stopped_at
from tests.files.clamd import Gate
from tests.files.given import MEMBER, after_check, anna, contents, given_by
from tests.files.good_files import document, photo_with_code, picture
from tests.files.malicious import KINDS, Kind

__all__ = ["anna"]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[ReceivedFile, tuple[str, ...], Actor]]:
    """What a room that extends `files.checked` is told."""
    calls: list[tuple[ReceivedFile, tuple[str, ...], Actor]] = []

    def tell(*, received: ReceivedFile, codes: tuple[str, ...], by: Actor) -> None:
        calls.append((received, codes, by))

    monkeypatch.setattr(checks, "extensions", lambda point: {"files.checked": [tell]}[point])
    return calls


@pytest.fixture
def real(gate: Gate, settings: Any) -> Gate:
    """The real clamd is the deployment's scanner."""
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"scanner_url": gate.url})
    return gate


def jobs(received: ReceivedFile) -> list[str]:
    return list(ProcrastinateJob.objects.filter(queueing_lock=str(received.pk)).values_list("status", flat=True))


# What cannot be checked now


def test_a_scanner_that_is_away_lets_files_wait(anna: Person, real: Gate) -> None:
    real.broken = True
    received = after_check(given_by(anna))
    assert (received.state, received.checked_at, received.cleaned) == ("checking", None, None)
    real.broken = False
    assert after_check(received).state == "clean"


def test_a_file_whose_bytes_must_be_deleted_before_its_check_is_refused_with_words(
    anna: Person, real: Gate, told: list[tuple[ReceivedFile, tuple[str, ...], Actor]]
) -> None:
    real.broken = True
    received = after_check(given_by(anna))
    seal_until(received=received, day=market(received.market).today(), by=SYSTEM)
    with stopped_at(timezone.now() + timedelta(days=2)):
        forget_received(timestamp=0)
    real.broken = False
    received = after_check(received)
    assert (received.state, received.reason, received.key) == ("refused", "not_checked", None)
    assert "send it again" in received.refusal
    assert [(file.pk, codes) for file, codes, _by in told] == [(received.pk, ())]
    kinds = Event.objects.filter(kind__startswith="received_file.").order_by("id").values_list("kind", flat=True)
    assert [kind.partition(".")[2] for kind in kinds] == ["added", "sealed", "checked", "forgotten"]


def test_old_definitions_let_files_wait(anna: Person, real: Gate) -> None:
    real.made = datetime.now(UTC) - timedelta(days=8)
    assert after_check(given_by(anna)).state == "checking"


def test_without_a_scanner_files_wait(anna: Person, settings: Any) -> None:
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"mode": "production", "scanner_url": None})
    assert after_check(given_by(anna)).state == "checking"


def test_a_scanner_that_goes_away_between_the_streams_lets_a_file_wait(anna: Person, real: Gate) -> None:
    received = given_by(anna, document(pages=2))
    real.breaks_after = 1
    assert after_check(received).state == "checking"
    assert not StoredFile.objects.exists()


def test_a_storage_that_is_away_is_not_reported_as_the_scanner(
    anna: Person, real: Gate, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    received, warned = given_by(anna), []
    monkeypatch.setattr(checks._log, "warning", lambda *_given, **facts: warned.append(facts["error"]))
    folder.rename(folder.with_name("aside"))
    assert after_check(received).state == "checking"
    assert warned == ["StoreAwayError"]
    folder.with_name("aside").rename(folder)
    assert after_check(received).state == "clean"


@pytest.mark.usefixtures("transactional_db")
def test_no_connection_to_the_database_is_kept_while_a_file_is_scanned(
    anna: Person, real: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    received, open_connections, scan = given_by(anna), [], Clamd.scan

    def watched(scanner: Clamd, content: Iterable[bytes]) -> Verdict:
        open_connections.append(connection.connection)
        return scan(scanner, content)

    monkeypatch.setattr(Clamd, "scan", watched)
    assert after_check(received).state == "clean"
    assert open_connections == [None]


def test_a_check_is_tried_again_within_seconds_when_the_database_was_away(anna: Person) -> None:
    given_by(anna)
    job = async_to_sync(app.job_manager.fetch_job)([FILES], worker_id=None)
    assert job is not None
    assert check_file.get_retry_exception(exception=OperationalError("the server is gone"), job=job)
    assert not check_file.get_retry_exception(exception=ValueError("a fault of ours"), job=job)


def test_a_full_disk_lets_files_wait(anna: Person, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    def full(*_given: object) -> str:
        raise OSError(errno.ENOSPC, "no space left")

    received = given_by(anna)
    with monkeypatch.context() as patch:
        patch.setattr(FolderStorage, "_save", full)
        assert after_check(received).state == "checking"
    assert after_check(received).state == "clean"


def test_a_cleaner_that_does_not_start_lets_files_wait(anna: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaner, "_PROGRAM", "mypolis.nothing")
    assert after_check(given_by(anna)).state == "checking"


def test_received_bytes_that_were_changed_on_the_disk_are_never_accepted(anna: Person, folder: Path) -> None:
    received = given_by(anna)
    (path,) = (path for path in folder.rglob("*") if path.is_file())
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert after_check(received).state == "checking"


@pytest.mark.parametrize("when", ["store", "store_previews", "record", "count_check"])
def test_a_check_that_is_killed_anywhere_leaves_nothing_and_runs_again(
    anna: Person, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    class KilledError(BaseException):
        pass

    def killed(*_given: object, **_named: object) -> None:
        raise KilledError

    received = given_by(anna)
    with monkeypatch.context() as patch:
        patch.setattr(checks, when, killed)
        with pytest.raises(KilledError), transaction.atomic():
            check(received.pk)
    assert ReceivedFile.objects.get().state == "checking"
    assert not StoredFile.objects.exists()
    assert after_check(received).state == "clean"
    assert StoredFile.objects.of(anna).count() == 1


def test_a_room_that_fails_undoes_the_check(anna: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_named: object) -> None:
        raise LookupError("of the room")

    received = given_by(anna)
    monkeypatch.setattr(checks, "extensions", lambda _point: [fail])
    with pytest.raises(LookupError), transaction.atomic():
        check(received.pk)
    assert ReceivedFile.objects.get().state == "checking"


# The queue


def test_a_received_file_has_a_job_from_its_transaction_on(anna: Person) -> None:
    received = given_by(anna)
    assert jobs(received) == ["todo"]
    (task,) = ProcrastinateJob.objects.filter(queueing_lock=str(received.pk)).values_list("task_name", "args")
    assert task == ("files.check", {"received_id": str(received.pk)})


def test_what_waits_without_a_job_gets_one_and_only_one(anna: Person) -> None:
    received = given_by(anna)
    with stopped_at(datetime.now(UTC) + timedelta(minutes=2)):
        check_waiting(timestamp=0)
        assert jobs(received) == ["todo"]
        without_jobs()
        check_waiting(timestamp=0)
        check_waiting(timestamp=0)
        assert jobs(received) == ["todo"]


def test_what_was_checked_or_forgotten_gets_no_job(anna: Person) -> None:
    checked, forgotten = given_by(anna), given_by(anna, picture((9, 9)))
    after_check(checked)
    forget_bytes(received=forgotten, by=SYSTEM)
    without_jobs()
    with stopped_at(datetime.now(UTC) + timedelta(minutes=2)):
        check_waiting(timestamp=0)
    assert jobs(checked) == jobs(forgotten) == []
    assert after_check(forgotten).state == "checking"


def without_jobs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


def test_a_second_job_changes_nothing(anna: Person, told: list[Any]) -> None:
    received = given_by(anna)
    for _time in range(2):
        check_file(received_id=str(received.pk))
    assert StoredFile.objects.of(anna).count() == 1
    assert len(told) == 1


def test_a_file_that_was_removed_meanwhile_is_forgotten(anna: Person) -> None:
    received = given_by(anna)
    remove_received(received=received, by=MEMBER)
    check(received.pk)
    check(uuid.uuid4())
    assert not StoredFile.objects.exists()


def test_a_file_whose_owner_is_gone_is_reported_and_costs_no_scan(
    anna: Person, real: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    received, reported = given_by(anna), []
    monkeypatch.setattr(checks._log, "error", lambda event, **_facts: reported.append(event))
    ReceivedFile.objects.update(owner="people.person:0")
    assert after_check(received).state == "checking"
    assert (reported, real.scans) == (["files.owner_gone"], 0)


def test_a_file_that_is_removed_during_its_check_leaves_nothing(anna: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    received = given_by(anna)
    examined = checks._examined

    def slow(file: ReceivedFile) -> Any:
        outcome = examined(file)
        remove_received(received=received, by=MEMBER)
        return outcome

    monkeypatch.setattr(checks, "_examined", slow)
    check(uuid.UUID(str(received.pk)))
    assert not StoredFile.objects.exists()


# Results


def test_a_good_picture_is_clean_and_people_get_another_one(anna: Person, real: Gate, told: list[Any]) -> None:
    received = after_check(given_by(anna, picture((400, 300), "PNG")))
    assert (received.state, received.reason, received.pages) == ("clean", "", 1)
    assert received.checked_at
    (cleaned,) = StoredFile.objects.of(anna)
    assert received.cleaned == cleaned
    assert (cleaned.kind, cleaned.name, cleaned.media_type) == ("receipt", "чек.jpg", "image/jpeg")
    assert Image.open(BytesIO(contents(cleaned, anna))).size == (400, 300)
    ((tells_of, codes, by),) = told
    assert (tells_of, codes, by) == (received, (), SYSTEM)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.found], ids=str)
def test_what_the_scanner_finds_is_refused(anna: Person, real: Gate, kind: Kind, told: list[Any]) -> None:
    received = after_check(given_by(anna, kind.make()))
    assert (received.state, received.reason) == ("refused", "infected")
    assert not StoredFile.objects.exists()
    assert [file.reason for file, _codes, _by in told] == ["infected"]


def test_the_stand_in_refuses_an_attached_eicar_too(anna: Person) -> None:
    (attached,) = (kind for kind in KINDS if kind.name == "eicar attached")
    assert after_check(given_by(anna, attached.make())).reason == "infected"


def test_what_the_scanner_cannot_scan_is_refused(anna: Person, real: Gate) -> None:
    long = picture() + bytes(5 << 20)
    assert after_check(given_by(anna, long)).reason == "unscannable"


def test_the_bytes_of_a_refused_file_are_kept_for_thirty_days(anna: Person) -> None:
    received = after_check(given_by(anna, b"no picture"))
    assert received.reason == "not_a_picture_or_pdf"
    assert received.sealed_until
    assert received.sealed_until - received.received_at.date() in (timedelta(days=30), timedelta(days=31))


def test_a_check_is_recorded_without_the_name(anna: Person) -> None:
    after_check(given_by(anna, EICAR))
    event = Event.objects.get(kind="received_file.checked")
    assert event.facts == {"state": "refused", "reason": "infected", "pages": None}


def test_a_code_on_a_receipt_is_told_and_not_stored(anna: Person, told: list[Any]) -> None:
    code = "t=20261130T1201&s=1234.00&fn=9282440300000000&i=12345&fp=1234567890&n=1"
    after_check(given_by(anna, photo_with_code(code)))
    ((_received, codes, _by),) = told
    assert codes == (code,)
    assert code not in str(list(Event.objects.values_list("facts", flat=True)))


def test_files_are_counted_by_their_result(
    anna: Person, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def number(result: str) -> float:
        return counters._checks.labels("ru", result)._value.get()

    before = number("clean"), number("infected")
    with django_capture_on_commit_callbacks(execute=True):
        after_check(given_by(anna))
        after_check(given_by(anna, EICAR))
    assert (number("clean"), number("infected")) == (before[0] + 1, before[1] + 1)


@pytest.mark.django_db(transaction=True)
def test_files_that_wait_are_counted(anna: Person) -> None:
    given_by(anna)
    files, oldest = counters.waiting_files()
    assert [(sample.labels, sample.value) for sample in files.samples] == [({"market": "ru"}, 1)]
    assert oldest.samples[0].value >= 0
