"""At each step from a draft to a decision something is away: nothing is half done, and the same request works later."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import JobDeferrer

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.files.checking.check import check
from mypolis.foundation.files.models import ReceivedFile, StoredFile
from mypolis.foundation.files.receiving import open_received
from mypolis.insurance.claims.models import Claim, Decision, StateChange
from mypolis.insurance.coverage.models import Entry
from mypolis.membership.accounts.contact_points.flows import NewContact, add_contacts
from mypolis.membership.accounts.models import Account
from mypolis.membership.uploads.models import Upload
from tests.api.talk import assert_problem
from tests.claims.app import App
from tests.claims.conftest import budi
from tests.claims.core_system.program import Core, said
from tests.claims.world import bank_account, cover, today
from tests.files.clamd import Gate
from tests.files.conftest import folder
from tests.files.good_files import picture
from tests.uploads.tus_client import Tus

__all__ = ["budi", "folder"]
pytestmark = pytest.mark.django_db(transaction=True)
PHOTO = picture((400, 300))

type Away = Callable[[], AbstractContextManager[object]]


class Way:
    """Budi's way from a draft to a decision. Each step sends one request, and returns its answer.

    Call `look` before each step, while the database answers.
    """

    def __init__(self, budi: Account) -> None:
        self.app, self.core = App(budi), Core()
        for client in (self.app.client, self.core.client):
            client.raise_request_exception = False
        self.tus = Tus(self.app, "api")
        self._fields = {
            "treated_on": str(today(budi)),
            "provider": "Klinik Melati",
            "diagnosis": "batuk",
            "pay_to": str(bank_account(budi).pk),
            "lines": [{"date": str(today(budi)), "benefit": "doctor", "amount": "150.00", "currency": "IDR"}],
        }
        self._membership = str(cover(budi).pk)
        self.url = ""

    def look(self) -> None:
        """Read what the next request names."""
        self.claim, self.file = Claim.objects.first(), ReceivedFile.objects.first()
        lines = self.claim.lines.all() if self.claim else []
        self.verdict = said(self.claim, at=self.claim.received_at) if lines else {}

    def begin(self) -> Any:
        return self.app.post("claims", {"for": self._membership, "benefit": "doctor"})

    def save(self) -> Any:
        return self.app.patch(self.claim, self._fields, version=self.claim.version)

    def announce_a_file(self) -> Any:
        answer = self.tus.create(len(PHOTO), claim=str(self.claim.pk), document="receipt")
        self.url = answer.headers.get("Location", "")
        return answer

    def upload_it(self) -> Any:
        return self.tus.append(self.url, 0, PHOTO)

    def send(self) -> Any:
        return self.app.post(f"claims/{self.claim.pk}/submit")

    def open_the_file(self) -> Any:
        answer = self.app.get(f"claims/{self.claim.pk}/files/{self.file.pk}?full=1")
        b"".join(answer.streaming_content if answer.streaming else [])
        return answer

    def decide(self) -> Any:
        return self.core.decide(self.claim, self.verdict)


STEPS = ("begin", "save", "announce_a_file", "upload_it", "check", "send", "open_the_file", "decide")
ENQUEUES = {"upload_it", "send", "decide"}


@contextmanager
def database_away() -> Iterator[None]:
    def refuse(*_given: object) -> object:
        raise OperationalError("server closed the connection unexpectedly")

    with connection.execute_wrapper(refuse):
        yield


@contextmanager
def queue_away() -> Iterator[None]:
    def refuse(*_given: object, **_named: object) -> int:
        raise ConnectorException from OperationalError("canceling statement due to lock timeout")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(JobDeferrer, "defer", refuse)
        yield


def store_away(folder: Path) -> Away:
    @contextmanager
    def away() -> Iterator[None]:
        aside, was_there = folder.with_name("aside"), folder.exists()
        if was_there:
            folder.rename(aside)
        folder.touch()
        yield
        folder.unlink()
        if was_there:
            aside.rename(folder)

    return away


def scanner_away(gate: Gate) -> Away:
    @contextmanager
    def away() -> Iterator[None]:
        gate.broken = True
        yield
        gate.broken = False

    return away


def test_the_database_is_away_at_each_step(budi: Account, real: Gate) -> None:
    assert_each_step_is_whole(budi, database_away, stops={*STEPS})


def test_the_queue_is_away_at_each_step(budi: Account, real: Gate) -> None:
    assert_each_step_is_whole(budi, queue_away, stops=ENQUEUES)


def test_the_store_is_away_at_each_step(budi: Account, real: Gate, folder: Path) -> None:
    assert_each_step_is_whole(budi, store_away(folder), stops={"upload_it", "check", "open_the_file"})


def test_the_scanner_is_away_at_each_step(budi: Account, real: Gate) -> None:
    assert_each_step_is_whole(budi, scanner_away(real), stops={"check"})


@pytest.fixture
def real(gate: Gate, settings: Any) -> Gate:
    """The real clamd is the deployment's scanner."""
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"scanner_url": gate.url})
    return gate


def assert_each_step_is_whole(budi: Account, away: Away, *, stops: set[str]) -> None:
    """Go the whole way. At each step that cannot work while something is away, try that first."""
    email = NewContact("email", "budi@example.test", confirmed=True)
    add_contacts(account=budi, contacts=[email], by=SYSTEM)
    way = Way(budi)
    for step in STEPS:
        before = kept()
        way.look()
        if step in stops:
            with away():
                assert_refused(way, step)
            assert kept() == before, f"{step} is half done"
        with nullcontext() if step in stops else away():
            assert_works(way, step)
    (claim,), (file,) = Claim.objects.all(), ReceivedFile.objects.all()
    assert (claim.state, file.state) == ("to_be_paid", "clean")
    assert hashlib.sha256(b"".join(open_received(file))).hexdigest() == hashlib.sha256(PHOTO).hexdigest()
    assert list(Entry.objects.order_by("pk").values_list("kind", flat=True)) == ["reserve", "release", "use"]


def assert_refused(way: Way, step: str) -> None:
    """Try a step in vain: the client is told to try again."""
    if step == "check":
        with suppress(OperationalError):  # the worker's job fails, and there will be another
            check(way.file.pk)
        return
    answer = getattr(way, step)()
    assert assert_problem(answer, 503)["type"].endswith("unavailable"), step
    assert answer["Retry-After"]


def assert_works(way: Way, step: str) -> None:
    """Go a step."""
    if step == "check":
        check(way.file.pk)
        assert ReceivedFile.objects.get().state == "clean"
        return
    answer = getattr(way, step)()
    assert answer.status_code in (200, 201, 204), answer.content


def kept() -> list[Any]:
    """What the database holds of the claim."""
    tables = (Claim, StateChange, Upload, ReceivedFile, StoredFile, Decision, Entry)
    return [list(table.objects.order_by("pk").values_list("pk", flat=True)) for table in tables]
