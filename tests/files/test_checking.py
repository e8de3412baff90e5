"""A received file is checked before anybody sees anything of it; whatever fails on the way, it is checked again."""

import errno
import re
import unicodedata
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import Http404, HttpRequest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob

from mypolis.foundation.events import SYSTEM, Actor
from mypolis.foundation.events.models import Event
from mypolis.foundation.files import counters, flows
from mypolis.foundation.files.checking import check as checks
from mypolis.foundation.files.checking.check import check
from mypolis.foundation.files.checking.cleaned_names import LONGEST, cleaned_name
from mypolis.foundation.files.checking.previews import packed, unpacked
from mypolis.foundation.files.cleaning import cleaner
from mypolis.foundation.files.flows import open_file
from mypolis.foundation.files.jobs import check_file, check_waiting
from mypolis.foundation.files.models import ReceivedFile, StoredFile
from mypolis.foundation.files.receiving import forget_bytes, receive, remove_received
from mypolis.foundation.files.scanning.standin import EICAR
from mypolis.foundation.files.serving import serve, serve_preview
from mypolis.foundation.files.storage import FolderStorage
from mypolis.membership.people.models import Person
from tests.cast import ANNA, on_file
from tests.clock import stopped_at
from tests.files.clamd import Gate
from tests.files.good_files import document, picture
from tests.files.malicious import KINDS, NAMES, Kind

MEMBER = Actor("member", "7")


@pytest.fixture
def anna(db: None, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Person:
    """Anna, who may own files here: no room declares persons as owners."""
    monkeypatch.setattr(flows, "owners", lambda: frozenset({"people.person", "files.receivedfile"}))
    return on_file(ANNA)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[ReceivedFile, tuple[str, ...], Actor]]:
    """What a room is told that wants to know of checks."""
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


def given_by(owner: Person, content: bytes = picture(), **changes: Any) -> ReceivedFile:
    named = {"kind": "receipt", "name": "чек.png", **changes}
    return receive(market=owner.market, owner=owner, by=MEMBER, content=[content], **named)


def after_check(received: ReceivedFile) -> ReceivedFile:
    check(received.pk)
    return ReceivedFile.objects.get(pk=received.pk)


def contents(file: StoredFile, owner: Any) -> bytes:
    return b"".join(open_file(file=file, owner=owner, by=SYSTEM))


def jobs(received: ReceivedFile) -> list[str]:
    return list(ProcrastinateJob.objects.filter(queueing_lock=str(received.pk)).values_list("status", flat=True))


# What cannot be checked now


def test_a_scanner_that_is_away_lets_files_wait(anna: Person, real: Gate) -> None:
    real.broken = True
    received = after_check(given_by(anna))
    assert (received.state, received.checked_at, received.cleaned) == ("checking", None, None)
    real.broken = False
    assert after_check(received).state == "clean"


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
    content = receipt_with_code()
    after_check(given_by(anna, content))
    ((_received, codes, _by),) = told
    assert codes == (CODE,)
    assert CODE not in str(list(Event.objects.values_list("facts", flat=True)))


CODE = "t=20261130T1201&s=1234.00&fn=9282440300000000&i=12345&fp=1234567890&n=1"


def receipt_with_code() -> bytes:
    """A photo of 24 million pixels on which the code is small: it would be lost in a shrunk copy."""
    import segno  # noqa: PLC0415

    written = BytesIO()
    segno.make(CODE).save(written, kind="png", scale=4)
    photo = Image.new("RGB", (6000, 4000), (235, 235, 230))
    photo.paste(Image.open(written).convert("RGB"), (4000, 3000))
    photo.save(written := BytesIO(), "JPEG", quality=90)
    return written.getvalue()


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
    without_jobs()


# Previews


@pytest.fixture
def ask() -> Callable[[], HttpRequest]:
    return lambda: RequestFactory().get("/ru/files/")


def test_each_page_has_a_small_picture(anna: Person, ask: Callable[[], HttpRequest]) -> None:
    received = after_check(given_by(anna, document(pages=3)))
    assert [file.kind for file in StoredFile.objects.of(anna)] == ["receipt"], (
        "previews are not among the owner's files"
    )
    response = serve_preview(ask(), received, 3)
    assert Image.open(BytesIO(response.content)).format == "JPEG"
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith("inline")
    assert response["Content-Security-Policy"].endswith("sandbox")
    assert response["Cache-Control"] == "no-store"
    assert Event.objects.filter(kind="file.opened").count() == 1


@pytest.mark.parametrize("page", [-1, 0, 4, 10**9])
def test_a_page_that_is_not_there_is_not_found(anna: Person, ask: Callable[[], HttpRequest], page: int) -> None:
    received = after_check(given_by(anna, document(pages=3)))
    with pytest.raises(Http404):
        serve_preview(ask(), received, page)


def test_a_refused_file_has_no_preview(anna: Person, ask: Callable[[], HttpRequest]) -> None:
    with pytest.raises(Http404):
        serve_preview(ask(), after_check(given_by(anna, b"x")), 1)


def test_a_cleaned_picture_can_be_shown_in_the_browser(anna: Person, ask: Callable[[], HttpRequest]) -> None:
    received = after_check(given_by(anna))
    assert received.cleaned
    response = serve(ask(), received.cleaned, owner=anna, inline=True)
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith("inline")
    assert response["Content-Security-Policy"].endswith("sandbox")


def test_a_removed_file_takes_its_cleaned_copy_and_previews_along(
    anna: Person, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    received = after_check(given_by(anna))
    with django_capture_on_commit_callbacks(execute=True):
        remove_received(received=received, by=MEMBER)
    assert not StoredFile.objects.exists()
    assert [path for path in folder.rglob("*") if path.is_file()] == []


@given(st.lists(st.binary(max_size=50), max_size=5), st.integers(1, 7), st.integers(1, 30))
def test_previews_come_back_one_by_one(previews: list[bytes], page: int, size: int) -> None:
    whole = b"".join(packed(previews))
    pieces = (whole[start : start + size] for start in range(0, len(whole), size))
    assert unpacked(pieces, page) == (previews[page - 1] if page <= len(previews) else None)


# Names


@given(st.one_of(st.sampled_from(NAMES), st.text(max_size=400)), st.sampled_from(["image/jpeg", "application/pdf"]))
def test_a_name_is_safe_on_every_system_and_says_the_type(name: str, media_type: str) -> None:
    made = cleaned_name(name, media_type)
    stem, extension = made[:-4], made[-4:]
    assert extension == {"image/jpeg": ".jpg", "application/pdf": ".pdf"}[media_type]
    assert 0 < len(stem) <= LONGEST + len("file ")
    assert not set(made) & set("/\\:*?\"<>|=@'")
    assert not {unicodedata.category(sign)[0] for sign in made} & {"C"}
    assert stem[0] not in "=+-@ ."
    assert not re.fullmatch("con|nul|aux|prn", stem, re.IGNORECASE)
    assert cleaned_name(made, media_type) == made


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Чек № 12 (копия).JPEG", "Чек № 12 (копия).jpg"),
        ("račun_2026-11-30.heic", "račun_2026-11-30.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("invoice\u202egpj.exe", "invoice gpj.jpg"),
        ("=cmd|'/c calc'!A1.pdf", "c calc A1.jpg"),
        ("CON.jpg", "file CON.jpg"),
        ("", "file.jpg"),
    ],
)
def test_a_good_name_stays(name: str, expected: str) -> None:
    assert cleaned_name(name, "image/jpeg") == expected
