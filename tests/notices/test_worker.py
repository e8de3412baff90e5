"""A worker in its own process with a real queue: what happens if it is notified, stopped or killed."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from mypolis.foundation.files.checking.queue import enqueue
from mypolis.foundation.files.models import ReceivedFile, owner_key
from mypolis.foundation.notices import delivery, queue
from mypolis.foundation.notices.jobs import rescue_jobs
from mypolis.foundation.notices.models import Message, State
from mypolis.membership.people.models import Person
from tests.cast import ANNA, on_file
from tests.notices.fake_gateway import TOKEN, FakeMailServer, FakeSmsGateway
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

type Write = Callable[..., Message]
type Worker = subprocess.Popen[bytes]

RUN = (
    "import django; django.setup(); from mypolis.foundation.notices import queue; "
    "queue.POLL_SECONDS = {}; queue.run_worker(2)"
)
SELDOM = 600.0  # seconds between polls: a job that is taken sooner was notified


@pytest.fixture
def start(partners: None, settings: Any) -> Iterator[Callable[..., Worker]]:
    """Starts a worker with the test's database, key ring and partners; it ends with the test."""
    started: list[Worker] = []
    database = connection.get_connection_params()
    parts = (f"{key}={value}" for key, value in database.items() if isinstance(value, str | int))
    config = settings.MYPOLIS
    environment = {
        **os.environ,
        "DATABASE_URL": " ".join(part for part in parts if part.partition("=")[0] in _CONNINFO),
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "mypolis.settings"),
        "MYPOLIS_MODE": "test",
        "MYPOLIS_KEYS_FILE": str(config.keys_file),
        "MYPOLIS_SMTP_URL": config.smtp_url,
        "MYPOLIS_SMS_URL": config.sms_url,
        "MYPOLIS_SMS_TOKEN": TOKEN,
    }

    def start(polls: float = queue.POLL_SECONDS, scanner: str = "") -> Worker:
        more = {"MYPOLIS_SCANNER_URL": scanner} if scanner else {}
        worker = subprocess.Popen([sys.executable, "-c", RUN.format(polls)], env=environment | more)
        started.append(worker)
        until(lambda: _count("procrastinate_workers") >= 3)
        return worker

    yield start
    for worker in started:
        worker.kill()
        worker.wait()


_CONNINFO = frozenset({"dbname", "user", "password", "host", "port"})


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def _state(message: Message) -> str:
    return Message.objects.values_list("state", flat=True).get(pk=message.pk)


def _kill_when(holds: Callable[[], bool], worker: Worker) -> None:
    until(holds, every=0.005)
    worker.kill()
    worker.wait()


def _its_heartbeat_grows_old() -> None:
    _execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")


def test_a_code_leaves_at_once(write: Write, start: Callable[..., Worker], mail_server: FakeMailServer) -> None:
    start(polls=SELDOM)
    first = write()
    until(lambda: _state(first) == State.TAKEN)

    for count in range(2, 7):  # each waited for less time than a poll takes
        message = write()
        until(lambda message=message: _state(message) == State.TAKEN)  # type: ignore[misc]
        assert len(mail_server.mails) == count


def test_mail_does_not_wait_for_a_scanner_that_hangs(write: Write, start: Callable[..., Worker]) -> None:
    """More files than the worker has threads for other jobs are being scanned, and no scan ever ends."""
    with _hanging_scanner() as (url, scans):
        anna = on_file(ANNA)
        for _file in range(4):
            enqueue(_received(anna))
        start(scanner=url)
        until(lambda: len(scans) == 2)
        message = write("invitation")
        until(lambda: _state(message) == State.TAKEN)
        assert len(scans) == 2


def test_mail_leaves_after_an_outage_of_the_database_though_a_scan_hangs(
    write: Write, start: Callable[..., Worker]
) -> None:
    with _hanging_scanner() as (url, scans):
        enqueue(_received(on_file(ANNA)))
        start(scanner=url)
        until(lambda: scans)
        _break_connections()
        messages = [write("invitation"), write()]
        until(lambda: {_state(message) for message in messages} == {State.TAKEN})
        assert len(scans) == 1  # the one that hangs


def _received(owner: Person) -> ReceivedFile:
    """A file that waits for its check. None of its bytes is stored, but the scanner is asked all the same."""
    about = {"market": "ru", "owner": owner_key(owner), "kind": "receipt", "name": "a.jpg"}
    return ReceivedFile.objects.create(**about, size=0, sha256="0", sha256_digest=b"0", key=bytes(32))


@contextmanager
def _hanging_scanner() -> Iterator[tuple[str, list[socket.socket]]]:
    """A scanner that takes connections and never answers: its address, and the connections."""
    taken: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def take() -> None:
            with suppress(OSError):
                while True:
                    taken.append(listener.accept()[0])

        threading.Thread(target=take, daemon=True).start()
        yield f"tcp://127.0.0.1:{listener.getsockname()[1]}", taken
    for line in taken:
        line.close()


@pytest.mark.long
def test_a_code_overtakes_five_hundred_bulk_mails(
    write: Write, start: Callable[..., Worker], mail_server: FakeMailServer
) -> None:
    mail_server.slowness = 0.1
    for _ in range(500):
        write("invitation")
    start()
    until(lambda: len(mail_server.mails) > 0)

    code = write()

    until(lambda: _state(code) == State.TAKEN)
    assert Message.objects.filter(template="invitation", state=State.QUEUED).count() > 400


@pytest.mark.long
def test_a_stopped_worker_finishes_what_it_began_and_nothing_more(
    write: Write, start: Callable[..., Worker], mail_server: FakeMailServer
) -> None:
    mail_server.slowness = 0.5
    messages = [write("invitation") for _ in range(20)]
    worker = start()
    until(lambda: Message.objects.filter(state=State.SENDING).exists(), every=0.005)

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(timeout=120) == 0
    assert not Message.objects.filter(state=State.SENDING).exists()
    taken = Message.objects.filter(state=State.TAKEN).count()
    assert 0 < taken == len(mail_server.mails) < len(messages)
    assert ProcrastinateJob.objects.filter(status="todo", task_name="notices.deliver").count() == 20 - taken
    assert _count("procrastinate_workers") == 0


@pytest.mark.long
def test_an_email_whose_worker_was_killed_is_not_sent_again(
    write: Write, start: Callable[..., Worker], mail_server: FakeMailServer
) -> None:
    mail_server.slowness = 1
    message = write()
    _kill_when(lambda: len(mail_server.mails) == 1, start())
    mail_server.slowness = 0
    _its_heartbeat_grows_old()

    rescue_jobs(0)
    start()

    until(lambda: _state(message) == State.IN_DOUBT)
    assert len(mail_server.mails) == 1


def test_an_sms_whose_worker_was_killed_is_taken_exactly_once(
    write: Write, start: Callable[..., Worker], sms_gateway: FakeSmsGateway
) -> None:
    sms_gateway.moods.append("slow")
    message = write(channel="sms")
    _kill_when(lambda: len(sms_gateway.taken) == 1, start())
    _its_heartbeat_grows_old()

    rescue_jobs(0)
    start()

    until(lambda: _state(message) == State.TAKEN)
    assert sms_gateway.requests == 2
    assert list(sms_gateway.taken) == [str(message.pk)]


@pytest.mark.long
def test_the_jobs_of_a_living_worker_are_left_to_it(
    write: Write, start: Callable[..., Worker], mail_server: FakeMailServer
) -> None:
    mail_server.slowness = 0.5
    message = write()
    start()
    until(lambda: _state(message) == State.SENDING, every=0.005)

    rescue_jobs(0)

    assert ProcrastinateJob.objects.get(queueing_lock=str(message.pk)).status == "doing"
    until(lambda: _state(message) == State.TAKEN)


def test_a_job_that_kills_every_worker_is_given_up(write: Write) -> None:
    write()
    _execute(f"UPDATE procrastinate_jobs SET status = 'doing', attempts = {queue.MOST_ATTEMPTS}")

    rescue_jobs(0)

    assert ProcrastinateJob.objects.get().status == "failed"


def test_a_held_job_whose_successor_waits_already_is_dropped(write: Write) -> None:
    message = write()
    _execute("UPDATE procrastinate_jobs SET status = 'doing'")
    held = ProcrastinateJob.objects.get()
    app.configure_task("notices.deliver", queueing_lock=str(message.pk)).defer(message_id=str(message.pk))

    rescue_jobs(0)

    waiting = ProcrastinateJob.objects.get()
    assert waiting.id != held.id
    assert waiting.status == "todo"


def test_what_a_dead_worker_holds_is_looked_for_within_seconds_at_any_minute_of_the_hour() -> None:
    seconds = {
        periodic.task.name.rpartition(".")[2]: {_gap(periodic.croniter, minute) for minute in range(60)}
        for periodic in app.periodic_registry.periodic_tasks.values()
    }
    assert seconds["rescue_jobs"] == {15}
    assert seconds["rescue_messages"] == {60}


def _gap(cron: Any, minute: int) -> float:
    cron.set_current(datetime(2026, 11, 24, 9, minute, 1, tzinfo=UTC), force=True)
    return float(-cron.get_next(float) + cron.get_next(float))


@pytest.mark.parametrize("answers", [[], ["451 later"]])
def test_what_the_partner_answered_outwaits_a_database_that_is_away(
    write: Write, mail_server: FakeMailServer, monkeypatch: pytest.MonkeyPatch, answers: list[str]
) -> None:
    mail_server.at_data.extend(answers)
    message = write()
    _execute("UPDATE procrastinate_jobs SET status = 'doing'")
    ended = "_failed" if answers else "_taken"
    write_it, away = getattr(delivery, ended), iter([OperationalError, InterfaceError])

    def fails_twice(*facts: Any) -> None:
        for kind in away:
            raise kind("server closed the connection unexpectedly")
        write_it(*facts)

    monkeypatch.setattr(delivery, ended, fails_twice)

    delivery.deliver(message.pk)

    assert _state(message) == (State.QUEUED if answers else State.TAKEN)
    assert len(mail_server.mails) == int(not answers)


@pytest.mark.long
def test_a_worker_that_loses_its_database_comes_back(write: Write, start: Callable[..., Worker]) -> None:
    worker = start(polls=SELDOM)
    _break_connections()
    message = write()

    until(lambda: _state(message) == State.TAKEN)
    assert worker.poll() is None
    for _time in range(5):  # it listens again
        _is_taken(write())


def _break_connections() -> None:
    _execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


def _is_taken(message: Message) -> None:
    until(lambda: _state(message) == State.TAKEN)
