"""tus 1.0 through both doors: what is refused, with which status, and that nothing which arrived is lost."""

import hashlib
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.models import Event
from mypolis.foundation.files.models import ReceivedFile, ReceivedPart
from mypolis.foundation.files.receiving import open_received
from mypolis.foundation.files.storage import FolderStorage
from mypolis.membership.accounts.models import Account
from mypolis.membership.uploads import flows as upload_flows
from mypolis.membership.uploads import writing
from mypolis.membership.uploads.jobs import forget
from mypolis.membership.uploads.models import Upload
from tests.clock import stopped_at
from tests.family.home import Asker, account, aged, person
from tests.uploads.shelf.target import CAME, CLOSED, MOST
from tests.uploads.tus_client import PIECES, VERSION, Tus, metadata

MEMBER = Actor("member", "7")
DATA = bytes(range(256)) * 1_000


class Bytes:
    """The body of a request."""

    def __init__(self, content: bytes) -> None:
        self.length: int | None = len(content)
        self._content = content

    def __iter__(self) -> Iterator[bytes]:
        yield self._content


def of_shelf(account: Account) -> dict[str, str]:
    """What an upload to somebody's shelf says."""
    return {"shelf": str(account.pk), "document": "photo", "filename": "a.jpg"}


@pytest.fixture(params=["page", "api"])
def tus(request: pytest.FixtureRequest, asker: Asker) -> Tus:
    """Mila's client, at each door."""
    return Tus(asker, request.param)


def kept(answer: Any) -> bytes:
    """The bytes of the file of the upload that this request finished."""
    return b"".join(open_received(ReceivedFile.objects.get()))


def test_a_file_arrives_in_one_piece(tus: Tus, mila: Account) -> None:
    url = tus.created(len(DATA))
    answer = tus.append(url, 0, DATA)
    assert (answer.status_code, answer["Upload-Offset"], answer["Cache-Control"]) == (204, str(len(DATA)), "no-store")
    received = ReceivedFile.objects.of(mila).get()
    assert (received.size, received.sha256) == (len(DATA), hashlib.sha256(DATA).hexdigest())
    assert (received.name, received.kind, received.state) == ("чек.jpg", "photo", "checking")
    assert kept(answer) == DATA
    assert [str(received.pk)] == CAME


def test_a_file_arrives_in_pieces_and_is_not_copied(tus: Tus, folder: Path) -> None:
    url, at = tus.created(len(DATA)), 0
    for size in (1, 65_536, 100_000, len(DATA) - 165_537):
        assert tus.append(url, at, DATA[at : at + size]).status_code == 204
        at += size
        assert tus.head(url)["Upload-Offset"] == str(at)
    received = ReceivedFile.objects.get()
    assert received.sha256 == hashlib.sha256(DATA).hexdigest()
    assert b"".join(open_received(received)) == DATA
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) == ReceivedPart.objects.count() == 4


def test_a_client_that_lost_the_last_answer_learns_that_nothing_is_missing(tus: Tus) -> None:
    url = tus.created(5)
    tus.append(url, 0, b"12345")
    answer = tus.head(url)
    assert (answer.status_code, answer["Upload-Offset"], answer["Upload-Length"]) == (200, "5", "5")
    assert tus.append(url, 5, b"").status_code == 204
    assert ReceivedFile.objects.count() == 1


def test_anybody_may_ask_what_the_server_can_do(tus: Tus) -> None:
    answer = Client().options(tus.root)
    assert (answer.status_code, answer["Tus-Version"]) == (204, "1.0.0")
    assert answer["Tus-Extension"] == "creation,termination"
    assert answer["Tus-Max-Size"] == str(MOST)
    assert Client().options(tus.created(1)).status_code == 204


def test_a_stranger_is_not_sent_to_sign_in_but_told(tus: Tus) -> None:
    url = tus.created(1)
    assert Client().post(tus.root, headers=VERSION).status_code == 401
    for method in ("head", "patch", "delete"):
        assert getattr(Client(), method)(url, headers=VERSION).status_code == 401


@pytest.mark.parametrize("version", [None, "0.2.2", "1.0.1"])
def test_another_version_of_the_protocol_is_412_with_ours(tus: Tus, version: str | None) -> None:
    url = tus.created(5)
    sent = {"Tus-Resumable": version} if version else {}
    for answer in (
        tus.client.post(tus.root, headers={**sent, "Upload-Length": "5"}),
        tus.client.head(url, headers=sent),
        tus.client.patch(url, b"12345", content_type=PIECES, headers={**sent, "Upload-Offset": "0"}),
        tus.client.delete(url, headers=sent),
    ):
        assert (answer.status_code, answer["Tus-Version"]) == (412, "1.0.0")
    assert tus.head(url)["Upload-Offset"] == "0"


@pytest.mark.parametrize("length", [None, "", "-1", "1.5", "x", "1e3", "٣", "9" * 40])
def test_a_missing_or_wrong_length_is_400(tus: Tus, length: str | None) -> None:
    assert tus.create(length).status_code == 400


def test_a_file_that_is_too_large_is_413_before_any_byte(tus: Tus) -> None:
    assert tus.create(MOST + 1).status_code == 413
    assert tus.create(MOST).status_code == 201


def test_an_empty_file_is_refused_with_words(tus: Tus) -> None:
    answer = tus.create(0)
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:mypolis:problem:empty")


@pytest.mark.parametrize(
    "header", ["shelf", "shelf *", "shelf MQ==,shelf MQ==", "š MQ==", "shelf //8=", " ,", "x" * 5_000]
)
def test_metadata_that_cannot_be_read_is_400_or_names_nothing(tus: Tus, header: str) -> None:
    answer = tus.client.post(tus.root, headers={**VERSION, "Upload-Length": "5", "Upload-Metadata": header})
    assert answer.status_code in (400, 404)
    assert not Upload.objects.exists()


@pytest.mark.parametrize("shelf", ["", "0", "x" * 100])
def test_what_is_not_the_member_s_is_not_found(tus: Tus, shelf: str) -> None:
    assert tus.create(5, shelf=shelf).status_code == 404


def test_what_the_owner_does_not_take_is_told(tus: Tus, mila: Account) -> None:
    answer = tus.create(5, document="video")
    assert (answer.status_code, answer.json()["detail"]) == (403, "Only photos belong here.")
    CLOSED.add(mila.pk)
    assert tus.create(5).json()["detail"] == "The shelf is closed."


def test_an_owner_that_closed_meanwhile_takes_no_file(tus: Tus, mila: Account, folder: Path) -> None:
    url = tus.created(5)
    CLOSED.add(mila.pk)
    assert tus.append(url, 0, b"12345").status_code == 403
    assert not ReceivedFile.objects.exists()
    assert not any(path.is_file() for path in folder.rglob("*")), "or a member could fill the disk with refused bytes"
    CLOSED.clear()
    assert tus.append(url, 0, b"12345").status_code == 204


@pytest.mark.parametrize("kind", ["application/octet-stream", "text/plain", "", "multipart/form-data; boundary=x"])
def test_another_content_type_is_415(tus: Tus, kind: str) -> None:
    url = tus.created(5)
    assert tus.append(url, 0, b"12345", kind=kind).status_code == 415
    assert tus.head(url)["Upload-Offset"] == "0"


@pytest.mark.parametrize("offset", [1, 4, 5, 1_000])
def test_a_wrong_offset_is_409(tus: Tus, offset: int) -> None:
    url = tus.created(10)
    tus.append(url, 0, b"12")
    assert tus.append(url, offset, b"x").status_code == 409
    assert tus.head(url)["Upload-Offset"] == "2"


@pytest.mark.parametrize("offset", ["", "-1", "x", "0.0", "٠"])
def test_an_offset_that_is_no_number_is_400(tus: Tus, offset: str) -> None:
    assert tus.append(tus.created(10), offset, b"x").status_code == 400


def test_more_bytes_than_announced_are_413_and_none_is_taken(tus: Tus) -> None:
    url = tus.created(5)
    assert tus.append(url, 0, b"123456").status_code == 413
    assert tus.head(url)["Upload-Offset"] == "0"


def test_nobody_finds_another_member_s_upload(tus: Tus, db: None) -> None:
    url = tus.created(5)
    other = Tus(Asker(account(person("Goran", aged(46)))), tus.by)
    assert other.head(url).status_code == 404
    assert other.append(url, 0, b"12345").status_code == 404
    assert other.delete(url).status_code == 404
    assert tus.append(url, 0, b"12345").status_code == 204


@pytest.mark.parametrize("unknown", [str(uuid.UUID(int=1)), "¥", "1"])
def test_unknown_uploads_are_404(tus: Tus, unknown: str) -> None:
    url = tus.created(5).replace(str(Upload.objects.get().pk), unknown)
    for answer in (tus.head(url), tus.append(url, 0, b"1"), tus.delete(url)):
        assert answer.status_code == 404
        assert "Upload-Offset" not in answer


def test_a_removed_upload_is_gone_with_its_bytes(
    tus: Tus, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    url = tus.created(5)
    tus.append(url, 0, b"123")
    with django_capture_on_commit_callbacks(execute=True):
        assert tus.delete(url).status_code == 204
    assert tus.head(url).status_code == tus.delete(url).status_code == tus.append(url, 3, b"45").status_code == 404
    assert not ReceivedPart.objects.exists()
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_a_finished_upload_can_be_removed_as_long_as_its_owner_allows(tus: Tus, mila: Account) -> None:
    url = tus.created(5)
    tus.append(url, 0, b"12345")
    CLOSED.add(mila.pk)
    assert tus.delete(url).status_code == 403
    assert ReceivedFile.objects.exists()
    CLOSED.clear()
    assert tus.delete(url).status_code == 204
    assert not ReceivedFile.objects.exists()
    assert tus.head(url).status_code == 404


def test_while_another_request_writes_it_is_423_and_afterwards_not(tus: Tus) -> None:
    url = tus.created(5)
    later = timezone.now() + writing.LEASE
    Upload.objects.update(writer=uuid.uuid4(), writing_until=later)
    assert tus.append(url, 0, b"12345").status_code == 423
    with stopped_at(later + timedelta(milliseconds=1)):
        assert tus.append(url, 0, b"12345").status_code == 204, "a writer that stores nothing counts as dead"


def test_a_full_disk_is_503_and_the_upload_continues_later(tus: Tus, folder: Path, monkeypatch: Any) -> None:
    url = tus.created(10)
    tus.append(url, 0, b"12345")

    def full(self: FolderStorage, name: str, content: Any) -> str:
        next(content.chunks())
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(FolderStorage, "_save", full)
        answer = tus.append(url, 5, b"67890")
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert tus.append(url, 5, b"67890").status_code == 204
    assert kept(answer) == b"1234567890"


def test_too_many_uploads_at_once_are_503_because_threads_are_for_others_too(tus: Tus) -> None:
    url, ana, iva = tus.created(5), Account(pk=1), Account(pk=2)
    with writing._slot(ana), writing._slot(ana), writing._slot(iva):
        assert tus.append(url, 0, b"12345").status_code == 503
    assert tus.append(url, 0, b"12345").status_code == 204


def test_one_member_does_not_take_the_uploads_of_all_others(tus: Tus, mila: Account) -> None:
    url, ana = tus.created(5), Account(pk=mila.pk + 1)
    with writing._slot(mila), writing._slot(mila):
        assert tus.append(url, 0, b"12345").status_code == 503
    with writing._slot(ana), writing._slot(ana):
        with pytest.raises(writing.StorageAway), writing._slot(ana):
            pass
        assert tus.append(url, 0, b"12345").status_code == 204


def test_a_member_has_a_bounded_number_of_unfinished_uploads(tus: Tus, monkeypatch: Any) -> None:
    monkeypatch.setattr(upload_flows, "MOST_UNFINISHED", 3)
    urls = [tus.created(5) for _time in range(3)]
    assert (tus.create(5).status_code, tus.create(5).json()["type"]) == (403, "urn:mypolis:problem:too-many-uploads")
    tus.append(urls[0], 0, b"12345")
    tus.delete(urls[1])
    assert [tus.create(5).status_code for _time in range(3)] == [201, 201, 403]


def test_a_member_has_a_bounded_number_of_unfinished_bytes(tus: Tus, monkeypatch: Any) -> None:
    monkeypatch.setattr(upload_flows, "MOST_UNFINISHED_BYTES", 10)
    assert [tus.create(length).status_code for length in (6, 5, 4, 1)] == [201, 403, 201, 403]


def test_unfinished_uploads_are_listed_so_that_another_device_can_show_them(tus: Tus, mila: Account) -> None:
    first, second, done = tus.created(10, filename="a.jpg"), tus.created(20, filename="b.jpg"), tus.created(1)
    tus.append(first, 0, b"1234")
    tus.append(done, 0, b"1")
    found = tus.client.get(tus.root, {"shelf": mila.pk}).json()["uploads"]
    told = [(one["url"], one["name"], one["document"], one["offset"], one["length"]) for one in found]
    assert told == [(first, "a.jpg", "photo", 4, 10), (second, "b.jpg", "photo", 0, 20)]
    assert tus.client.get(tus.root, {"shelf": mila.pk + 1}).json()["uploads"] == []
    assert tus.client.get(tus.root).status_code == 404


def test_the_same_bytes_given_twice_are_one_file(tus: Tus) -> None:
    """A client whose HEAD failed begins again from 0."""
    for _time in range(2):
        url = tus.created(5)
        assert tus.append(url, 0, b"12345").status_code == 204
        assert tus.head(url)["Upload-Offset"] == "5"
    assert ReceivedFile.objects.count() == ReceivedPart.objects.count() == 1


def test_a_method_may_be_named_in_a_header(tus: Tus) -> None:
    url = tus.created(5)

    def post(method: str, content: bytes = b"", **headers: str) -> Any:
        sent = {**VERSION, "X-HTTP-Method-Override": method, **headers}
        return tus.client.post(url, content, content_type=PIECES, headers=sent)

    assert post("PATCH", b"123", **{"Upload-Offset": "0"}).status_code == 204
    assert post("HEAD")["Upload-Offset"] == "3"
    assert post("PUT").status_code == tus.client.post(url, headers=VERSION).status_code == 405
    assert post("DELETE").status_code == 204


def test_uploads_of_which_nothing_arrives_for_a_day_are_forgotten(tus: Tus, mila: Account) -> None:
    idle, alive, done = tus.created(10), tus.created(10), tus.created(1)
    tus.append(done, 0, b"1")
    tus.append(idle, 0, b"12")
    later = timezone.now() + timedelta(hours=24, seconds=1)
    with stopped_at(later - timedelta(hours=12)):
        Tus(Asker(mila), tus.by).append(alive, 0, b"1234")
        forget(timestamp=0)
        assert Upload.objects.count() == 3
    with stopped_at(later):
        forget(timestamp=0)
        forget(timestamp=0)
    assert (tus.head(idle).status_code, tus.head(done).status_code, tus.head(alive).status_code) == (404, 404, 200)
    assert ReceivedFile.objects.count() == 1, "the finished file itself stays"
    assert set(ReceivedPart.objects.values_list("size", flat=True)) == {1, 4}


def test_bytes_of_an_upload_that_went_with_its_account_are_forgotten(tus: Tus, mila: Account) -> None:
    kept_one, lost = tus.created(10), tus.created(10)
    tus.append(kept_one, 0, b"12")
    tus.append(lost, 0, b"1234")
    Upload.objects.filter(offset=4).delete()
    forget(timestamp=0)
    assert list(ReceivedPart.objects.values_list("size", flat=True)) == [2]


def test_a_part_stays_on_the_disk_if_the_database_may_have_committed_it(
    mila: Account, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = upload_flows.begin(account=mila, length=5, metadata=of_shelf(mila), by=MEMBER)

    def breaks(*_given: object, **_named: object) -> None:
        raise OperationalError("the line broke while it committed")

    monkeypatch.setattr(writing, "finish", breaks)
    with pytest.raises(OperationalError):
        writing.append(account=mila, upload_id=upload.pk, offset=0, body=Bytes(b"12345"), by=MEMBER)
    assert [path for path in folder.rglob("*") if path.is_file()] != []


def test_what_happened_is_recorded_without_the_name(tus: Tus, mila: Account) -> None:
    url = tus.created(5)
    tus.append(url, 0, b"12345")
    tus.delete(tus.created(5))
    told = Event.objects.filter(kind__startswith="upload.").order_by("pk")
    assert [(one.kind, one.actor_kind, one.actor_id) for one in told] == [
        (kind, "member", str(mila.pk)) for kind in ("upload.begun", "upload.finished", "upload.begun", "upload.removed")
    ]
    assert "чек" not in str([one.facts for one in told])


def test_a_page_of_another_site_can_do_nothing(asker: Asker) -> None:
    """The browser would send the session cookie along; the header with the token only our pages can send."""
    careful = Client(enforce_csrf_checks=True)
    careful.cookies = asker.page_client.cookies
    url = Tus(asker, "page").created(5)
    head = {**VERSION, "Upload-Offset": "0"}
    assert careful.patch(url, b"12345", content_type=PIECES, headers=head).status_code == 403
    assert careful.delete(url, headers=VERSION).status_code == 403
    named = {**VERSION, "Upload-Length": "5", "Upload-Metadata": metadata(shelf=str(asker.account.pk))}
    assert careful.post("/rs/uploads/", headers=named).status_code == 403
