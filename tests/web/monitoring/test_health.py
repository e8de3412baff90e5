"""A load balancer gets correct answers quickly."""

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from mypolis.foundation.web.monitoring import health

type Ask = Callable[[], tuple[int, dict[str, str]]]


@pytest.fixture
def ask() -> Iterator[Ask]:
    """A function that requests `/readyz` and returns status and body."""
    health._migrated = True

    def ask() -> tuple[int, dict[str, str]]:
        response = health.readyz(RequestFactory().get("/readyz"))
        return response.status_code, json.loads(response.content)

    yield ask
    health._migrated = False


def execute(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def work(seconds_ago: float = 1) -> None:
    execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s * interval '1 s')", seconds_ago)


def wait_in_queue(priority: int, seconds: float, *, put_off: bool = False) -> None:
    since = "now() - %s * interval '1 s'"
    scheduled = since if put_off else "NULL"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, scheduled_at)"
            f" VALUES ('q', 't', %s, {scheduled}) RETURNING id",
            [priority, seconds] if put_off else [priority],
        )
        (job,) = cursor.fetchone()
        cursor.execute(f"UPDATE procrastinate_events SET at = {since} WHERE job_id = %s", [seconds, job])


@pytest.mark.usefixtures("transactional_db")
def test_without_a_worker_it_is_not_ready(ask: Ask) -> None:
    assert ask() == (503, {"database": "ok", "queue": "no worker"})
    work(seconds_ago=61)
    assert ask() == (503, {"database": "ok", "queue": "no worker"})


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.parametrize("put_off", [False, True])
def test_an_urgent_job_that_nobody_takes_is_told(ask: Ask, put_off: bool) -> None:
    work()
    wait_in_queue(10, 121, put_off=put_off)
    wait_in_queue(10, 1)
    assert ask() == (503, {"database": "ok", "queue": "behind"})


@pytest.mark.usefixtures("transactional_db")
def test_mail_that_waits_for_hours_and_jobs_of_later_turn_nobody_away(ask: Ask) -> None:
    work()
    wait_in_queue(0, 7200)
    wait_in_queue(10, 119)
    wait_in_queue(10, -3600, put_off=True)
    assert ask() == (200, {"database": "ok", "queue": "ok"})


@pytest.mark.usefixtures("transactional_db")
def test_missing_migrations_are_told_and_asked_for_again(ask: Ask) -> None:
    health._migrated = False
    work()
    execute("UPDATE django_migrations SET app = 'elsewhere' WHERE app = 'events'")
    try:
        assert ask() == (503, {"database": "not migrated", "queue": "unknown"})
    finally:
        execute("UPDATE django_migrations SET app = 'events' WHERE app = 'elsewhere'")
    assert ask() == (200, {"database": "ok", "queue": "ok"})


def test_a_database_that_refuses_is_told(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError("password of mypolis is wrong")

    monkeypatch.setattr(health, "seconds_since_heartbeat", refuse)
    assert ask() == (503, {"database": "no answer", "queue": "unknown"})


def test_a_database_that_hangs_holds_nobody_and_is_asked_once(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, over, release = [], [], threading.Event()

    def hang() -> float:
        asked.append(1)
        over.append(release.wait(60))
        raise OperationalError

    monkeypatch.setattr(health, "seconds_since_heartbeat", hang)
    monkeypatch.setattr(health, "DATABASE_SECONDS", 0.2)
    assert [ask() for _time in range(3)] == [(503, {"database": "no answer", "queue": "unknown"})] * 3
    assert over == [], "it was answered while the database still hung"
    assert asked == [1]
    release.set()
    monkeypatch.setattr(health, "DATABASE_SECONDS", 5)
    assert ask()[0] == 503


@pytest.mark.django_db
def test_being_alive_asks_nobody(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        response: HttpResponse = health.healthz(RequestFactory().get("/healthz"))
    assert (response.status_code, response.content) == (200, b"ok")
    assert "no-store" in response["Cache-Control"]
    assert health.healthz(RequestFactory().post("/healthz")).status_code == 405


@pytest.mark.parametrize(
    "host", ["10.0.0.7", "10.0.0.7:8000", "[2001:db8::7]", "anything.example", "bad host!", "", "_"]
)
@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_probes_may_ask_by_any_host(client: Client, settings: Any, path: str, host: str, db: None) -> None:
    settings.ALLOWED_HOSTS = ["portal.example"]
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"metrics_token": "m" * 24})
    headers = {"host": host, "authorization": f"Bearer {'m' * 24}"}
    for ask in (client.get, client.head):
        assert ask(path, headers=headers).status_code in (200, 503)
    assert client.get("/rs/", headers={"host": host}).status_code == 400, "the rest answers to its own hosts alone"


def test_a_probe_by_ip_address_is_answered_like_any_other(client: Client) -> None:
    answer = client.get("/healthz", headers={"host": "10.0.0.7"})
    assert (answer.status_code, answer.content) == (200, b"ok")
