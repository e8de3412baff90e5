"""A database that is unavailable, slow, full or read-only: people get a page that keeps what they typed."""

import re
import threading
from collections.abc import Iterator
from html import unescape
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, InterfaceError, InternalError, OperationalError, connections
from django.test import Client
from procrastinate.exceptions import ConnectorException
from pytest_django import DjangoDbBlocker

from mypolis.foundation.lib.circuit_breaker import Away, Breaker
from mypolis.foundation.web.branding.brand import brand_of
from mypolis.foundation.web.form_fields.fields import secret_names
from mypolis.foundation.web.outage import is_outage
from tests.house.pages.test_pages import assert_guarded, assert_well_made


@pytest.fixture
def away(client: Client, django_db_blocker: DjangoDbBlocker) -> Iterator[Client]:
    """A portal without a PostgreSQL at the address in its settings."""
    client.raise_request_exception = False
    own = connections["default"]
    connections["default"] = own.copy()
    connections["default"].settings_dict.update(HOST="127.0.0.1", PORT="9")  # the discard port, on which nobody listens
    with django_db_blocker.unblock():
        yield client
    connections["default"] = own


def hidden_in(response: Any) -> dict[str, str]:
    """Return what the page's form would send."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', response.content.decode())
    return {name: unescape(value) for name, value in found}


@pytest.mark.parametrize(
    ("market", "language", "words"),
    [
        ("rs", "sr-latn", "Kratak prekid"),
        ("id", "id", "Gangguan sementara"),
        ("ru", "ru", "Технический перерыв"),
        ("ru", "en", "A short interruption"),
    ],
)
def test_without_the_database_the_page_is_the_insurers_own(
    away: Client, market: str, language: str, words: str
) -> None:
    away.cookies[f"journey-signin-{market}"] = away.cookies[f"session-{market}"] = "a" * 43
    response = away.get(f"/{market}/signin/", headers={"accept-language": language})
    assert response.status_code == 503
    assert response["Retry-After"] == "10"
    assert response["Cache-Control"] == "no-store"
    assert_well_made(response)
    assert_guarded(response)
    text = response.content.decode()
    assert words in text
    assert brand_of(market).support.phone in text
    assert f'href="/{market}/signin/"' in text


def test_what_was_typed_stays_and_can_be_sent_again_but_for_the_password(away: Client) -> None:
    typed = {"step": "credentials", "form": "f" * 43, "email": 'jelena"<b>@example.test', "password": "plavi most"}
    response = away.post("/rs/signin/", typed)
    assert response.status_code == 503
    kept = hidden_in(response)
    assert {name: kept[name] for name in ("step", "form", "email")} == {
        name: typed[name] for name in ("step", "form", "email")
    }
    assert "plavi most" not in response.content.decode()
    assert "osim lozinke" in response.content.decode()


def test_no_secret_is_ever_written_into_the_page_whatever_its_field_is_called(away: Client) -> None:
    names = secret_names()
    assert {"password", "password_repeat", "present"} <= names
    for market in ("rs", "ru"):
        away.cookies[f"session-{market}"] = "some session"
    sent = {**dict.fromkeys(names, "Kept-Nowhere-At-All-1"), "email": "jelena@example.test", "step": "credentials"}
    for path in ("/ru/security/password/", "/ru/signin/", "/rs/register/client/", "/ru/security/"):
        answer = away.post(path, sent)
        assert answer.status_code == 503
        assert "Kept-Nowhere-At-All-1" not in answer.content.decode()
        assert hidden_in(answer)["email"] == "jelena@example.test"


def test_the_api_tells_it_as_a_problem_in_the_language_asked_for(away: Client) -> None:
    response = away.post(
        "/api/v1/ru/journeys",
        {"journey": "signin"},
        content_type="application/json",
        headers={"accept-language": "ru"},
    )
    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"
    assert 1 <= int(response["Retry-After"]) <= 10
    body = response.json()
    assert body["type"] == "urn:mypolis:problem:unavailable"
    assert "через минуту" in body["detail"]


def test_what_needs_no_database_is_answered_as_ever(away: Client) -> None:
    for address in ("/healthz", "/rs/", "/rs/brand.css", "/api/v1/rs"):
        assert away.get(address).status_code == 200


def test_no_traceback_is_logged_for_it(away: Client, capsys: pytest.CaptureFixture[str]) -> None:
    away.cookies["journey-signin-rs"] = "a" * 43
    away.get("/rs/signin/")
    told = capsys.readouterr().err
    assert "database.away" in told
    assert "request.failed" not in told


def _caused(kind: type[Exception], cause: Exception) -> Exception:
    error = kind("told")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "is_one"),
    [
        (_caused(OperationalError, psycopg.errors.QueryCanceled()), True),
        (_caused(OperationalError, psycopg.errors.LockNotAvailable()), True),
        (_caused(OperationalError, psycopg.errors.DiskFull()), True),
        (_caused(InternalError, psycopg.errors.ReadOnlySqlTransaction()), True),
        (InterfaceError("the connection is closed"), True),
        (_caused(ConnectorException, psycopg.errors.AdminShutdown()), True),  # while a job is added to the queue
        (_caused(ConnectorException, psycopg.errors.ReadOnlySqlTransaction()), True),
        (_caused(ConnectorException, psycopg.errors.UndefinedTable()), False),
        (_caused(InternalError, psycopg.errors.InFailedSqlTransaction()), False),
        (IntegrityError("twice"), False),
        (ZeroDivisionError(), False),
        (None, False),
    ],
)
def test_an_outage_is_told_from_a_fault_of_ours(error: Exception | None, is_one: bool) -> None:
    assert is_outage(error) is is_one


def fail(breaker: Breaker) -> None:
    with pytest.raises(OSError, match="away"), breaker.attempt():
        raise OSError("away")


def test_while_a_partner_is_away_one_at_a_time_waits_for_it() -> None:
    breaker, entered, go = Breaker(), threading.Event(), threading.Event()
    fail(breaker)

    def waits() -> None:
        with breaker.attempt():
            entered.set()
            go.wait(60)

    one = threading.Thread(target=waits)
    one.start()
    assert entered.wait(60)
    with pytest.raises(Away), breaker.attempt():
        pass
    go.set()
    one.join()
    with breaker.attempt(), breaker.attempt():  # the breaker is closed again
        pass


def test_one_that_fails_lets_the_next_one_try() -> None:
    breaker = Breaker()
    fail(breaker)
    fail(breaker)
    let_in = False
    with breaker.attempt():
        let_in = True
    assert let_in
