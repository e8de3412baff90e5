"""Metrics: only the monitoring can read them."""

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from prometheus_client.parser import text_string_to_metric_families

from mypolis.foundation.journeys.counters import count_journey
from mypolis.foundation.notices.counters import count_message
from mypolis.foundation.web.monitoring import metrics
from mypolis.foundation.web.monitoring.queue_state import TimedQuery, Waiting

KEY = "of the monitoring"


def works(request: HttpRequest, token: str) -> HttpResponse:
    return HttpResponse("fine")


urlpatterns = [path("figures/<str:token>", works, name="figures")]


@pytest.fixture(autouse=True)
def _token(settings: Any) -> None:
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"metrics_token": KEY})


def ask(authorization: str = f"Bearer {KEY}") -> HttpResponse:
    return metrics.metrics(RequestFactory().get("/metrics", headers={"Authorization": authorization}))


def figure(name: str, **labels: str) -> float:
    families = text_string_to_metric_families(ask().content.decode())
    samples = [sample for family in families for sample in family.samples]
    return sum(one.value for one in samples if one.name == name and labels.items() <= one.labels.items())


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer x", f"Basic {KEY}", KEY, "Bearer жук"])
def test_without_the_token_there_is_no_such_page(authorization: str) -> None:
    with pytest.raises(Http404):
        ask(authorization)


def test_where_no_token_is_set_nobody_has_it(settings: Any) -> None:
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"metrics_token": None})
    for authorization in ("Bearer None", "Bearer ", ""):
        with pytest.raises(Http404):
            ask(authorization)


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_requests_are_counted_by_route_and_never_by_path(client: Client) -> None:
    labels = {"route": "figures/<str:token>", "method": "GET", "status": "2xx"}
    before = figure("mypolis_http_requests_total", **labels)
    client.get("/figures/a-secret-of-somebody")
    client.generic("BREW", "/nowhere-at-all")
    assert figure("mypolis_http_requests_total", **labels) == before + 1
    assert figure("mypolis_http_requests_total", route="none", method="OTHER", status="4xx") >= 1
    assert figure("mypolis_http_request_seconds_count", route="figures/<str:token>") >= 1
    assert b"secret" not in ask().content
    assert b"nowhere" not in ask().content


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_not_counted() -> None:
    labels = {"market": "rs", "kind": "register", "what": "started"}
    before = figure("mypolis_journeys_total", **labels)
    with transaction.atomic():
        count_journey("started", market="rs", kind="register")
        transaction.set_rollback(True)
    assert figure("mypolis_journeys_total", **labels) == before
    with transaction.atomic():
        count_journey("started", market="rs", kind="register")
        count_message("taken", market="rs", channel="sms")
    assert figure("mypolis_journeys_total", **labels) == before + 1
    assert figure("mypolis_messages_total", market="rs", channel="sms", what="taken") >= 1


@pytest.mark.usefixtures("transactional_db")
def test_the_queue_is_told_as_it_is_now() -> None:
    assert figure("mypolis_queue_jobs") == 0
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, scheduled_at) VALUES"
            " ('mail', 't', NULL), ('mail', 't', now() - interval '90 s'), ('mail', 't', now() + interval '1 h'),"
            " ('codes', 't', NULL)"
        )
    assert figure("mypolis_queue_jobs", queue="mail") == 2
    assert figure("mypolis_queue_jobs", queue="codes") == 1
    assert figure("mypolis_queue_oldest_seconds", queue="mail") >= 90


@pytest.mark.usefixtures("transactional_db")
def test_a_database_that_hangs_takes_only_the_queue_from_the_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    release, over = threading.Event(), []

    def hang() -> list[Waiting]:
        over.append(release.wait(30))
        return []

    monkeypatch.setattr(metrics, "_timed_query", TimedQuery(hang))
    monkeypatch.setattr(metrics, "QUEUE_SECONDS", 0.1)
    told = ask().content
    assert over == [], "it was answered while the database still hung"
    release.set()
    assert b"mypolis_http_requests" in told
    assert b"mypolis_queue" not in told


COUNT = """
import django
django.setup()
from mypolis.foundation.web.monitoring import metrics
metrics.observe_request(route="r", method="GET", status=200, seconds=0.1)
print(metrics.generate_latest(metrics._everything()).decode())
"""


@pytest.mark.long
@pytest.mark.django_db
def test_processes_that_share_a_folder_add_up(tmp_path: Path) -> None:
    environment = {**os.environ, metrics.FOLDER: str(tmp_path / "figures"), "DATABASE_URL": "host=/nowhere"}
    environment["DJANGO_SETTINGS_MODULE"] = "mypolis.settings"
    for expected in ("1.0", "2.0"):
        done = subprocess.run(
            [sys.executable, "-c", COUNT], env=environment, capture_output=True, text=True, check=True
        )
        assert f'mypolis_http_requests_total{{method="GET",route="r",status="2xx"}} {expected}' in done.stdout
    assert "metrics.no_queue" in done.stderr
