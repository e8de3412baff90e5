"""Logs say what happened, but nothing about the people concerned."""

import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
import structlog
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from gunicorn.config import Config

from mypolis.foundation.lib.crypto.tokens import new_token
from mypolis.foundation.web.monitoring import logs
from mypolis.foundation.web.monitoring.redaction import MASK, mask_message, mask_text

TOKEN = "q7Jx3r_Vt9LpQw2sNfKd8cBzA5eR-1MvOrPKbala7O0"


def works(request: HttpRequest, market: str, token: str) -> HttpResponse:
    return HttpResponse("fine")


def breaks(request: HttpRequest, market: str, token: str) -> HttpResponse:
    jmbg = "0101006500006"
    raise ValueError(f"cannot read {jmbg} of mira@mail.example")


def tells_its_id(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.request_id, status=500)  # type: ignore[attr-defined]


urlpatterns = [path("<slug:market>/i/<str:token>", works), path("<slug:market>/x/<str:token>", breaks)]
handler500 = tells_its_id

type Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(settings: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Lines]:
    """A function that returns what was logged since the test began, in the production format."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    before = settings.MYPOLIS
    settings.MYPOLIS = before.model_copy(update={"mode": "production", "log_level": "INFO"})
    logs.set_up()
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    settings.MYPOLIS = before
    logs.set_up()


@pytest.mark.parametrize(
    "secret",
    [
        "mira@mail.example",
        "мира@пошта.срб",
        "Mira.Ilic+x@mail.example",
        "+381641234567",
        "+62 812-3456-7890",
        "8 (916) 123-45-67",
        "064/123-45-67 8",
        "0101006500006",
        "٠١٠١٠٠٦٥٠٠٠٠٦",
        "010100 650000 6",
        TOKEN,
        "ab3d-ef5h-jkmn-pq7s",
        "5f4dcc3b5aa765d61d8327deb882cf99",
        "?email=mira%40mail.example&x=1",
    ],
)
def test_what_looks_personal_or_secret_is_masked_wherever_it_stands(secret: str) -> None:
    masked = mask_text(f"before {secret} after, and ({secret})")
    assert secret not in masked
    assert masked.startswith("before ")
    assert MASK in masked
    assert "after" in masked


@pytest.mark.parametrize(
    "plain",
    [
        "mypolis.membership.people.Person 12345 in 17.25 ms",
        "5b4e3f0a-8f5e-4c5e-9a61-0f2f5a0c7c11",
        "ContentSecurityPolicyMiddleware",
        "person_national_id_digest_once",
        "ACCOUNT_TEMPORARY_PASSWORD_SENT",
    ],
)
def test_what_names_a_place_in_the_code_or_a_row_stays(plain: str) -> None:
    assert mask_text(plain) == plain


def test_hardly_any_token_passes_for_a_name_in_the_code() -> None:
    assert [token for token in (new_token() for _try in range(2_000)) if mask_text(token) == token] == []


def test_a_very_long_text_is_cut_and_judged_quickly() -> None:
    assert len(mask_text("a" * 1_000_000 + "@")) < 2_100


def test_of_an_exceptions_message_only_the_first_line_stays_and_no_quoted_value() -> None:
    row = 'duplicate key value violates unique constraint "person_national_id_once"\nDETAIL:  Key (surname)=(Ilić)'
    assert mask_message(row) == 'duplicate key value violates unique constraint "person_national_id_once"'
    assert mask_message("invalid literal for int(): 'Mira Ilić'") == f"invalid literal for int(): '{MASK}'"


def test_named_fields_are_masked_by_their_name_and_unknown_things_by_their_type(lines: Lines) -> None:
    structlog.get_logger("mypolis.test").info(
        "code.sent",
        code_length=6,
        surname="Ilić",
        To="Mira",
        born=date(1990, 1, 2),
        number=381641234567,
        row=object(),
        items=[{"email": "x", "n": 3}, "mira@mail.example", b"x"],
        message=UUID("5b4e3f0a-8f5e-4c5e-9a61-0f2f5a0c7c11"),
    )
    (line,) = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "code.sent",
        "level": "info",
        "logger": "mypolis.test",
        "code_length": 6,
        "surname": MASK,
        "To": MASK,
        "born": "<date>",
        "number": MASK,
        "row": "<object>",
        "items": [{"email": MASK, "n": 3}, MASK, "<bytes>"],
        "message": "5b4e3f0a-8f5e-4c5e-9a61-0f2f5a0c7c11",
    }


def test_the_lines_of_libraries_go_the_same_way(lines: Lines) -> None:
    logging.getLogger("gunicorn.error").warning("Error handling request %s", f"/ru/i/{TOKEN}?a=b")
    logging.getLogger("httpx").info("HTTP Request: GET https://gateway.example/?to=381641234567")
    logging.getLogger("gunicorn.access").info("GET /ru/i/x")
    logging.getLogger("django.request").error("Internal Server Error: /ru/i/x")
    (line,) = lines()
    assert line["event"] == f"Error handling request /ru/i/{MASK}?{MASK}"
    assert (line["level"], line["logger"]) == ("warning", "gunicorn.error")


def test_gunicorn_gives_up_its_own_way_of_logging(lines: Lines) -> None:
    logger = logs.GunicornLogger(Config())
    logger.warning("Worker timeout of %s", "mira@mail.example")
    (line,) = lines()
    assert line["event"] == f"Worker timeout of {MASK}"


def test_outside_production_a_person_can_read_it(
    lines: Lines, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"mode": "demo"})
    logs.set_up()
    try:
        raise ValueError("of mira@mail.example")
    except ValueError:
        structlog.get_logger("mypolis.test").exception("roster.broke", row=7)
    told = capsys.readouterr().err
    assert "roster.broke" in told
    assert "row=7" in told
    assert f"  ValueError: of {MASK}\n" in told
    assert f"{__file__}:" in told


def test_a_traceback_names_places_and_no_values(lines: Lines) -> None:
    surname = "Ilić"
    try:
        try:
            raise KeyError(surname)
        except KeyError:
            raise IntegrityError(f"null value\nDETAIL: Failing row contains (1, {surname}).") from None
    except IntegrityError:
        logging.getLogger("procrastinate.worker").exception("Job failed for %s", "mira@mail.example")
    (line,) = lines()
    (stack,) = line["exception"]
    assert (stack["exc_type"], stack["exc_value"]) == ("IntegrityError", "null value")
    assert stack["frames"][-1]["name"] == "test_a_traceback_names_places_and_no_values"
    assert "Ili" not in json.dumps(line, ensure_ascii=False)
    assert "locals" not in stack["frames"][-1] or stack["frames"][-1]["locals"] is None


@override_settings(ROOT_URLCONF=__name__)
def test_a_request_is_one_line_with_its_route_and_never_its_path(lines: Lines, client: Client) -> None:
    response = client.get(f"/rs/i/{TOKEN}?email=mira", headers={"X-Request-Id": "mine"})
    (line,) = lines()
    assert {name: line[name] for name in ("event", "method", "route", "status", "market")} == {
        "event": "request.done",
        "method": "GET",
        "route": "<slug:market>/i/<str:token>",
        "status": 200,
        "market": "rs",
    }
    assert line["request_id"] == response["X-Request-Id"]
    assert line["request_id"].isalpha()
    assert line["ms"] > 0
    assert TOKEN not in json.dumps(line)


@override_settings(ROOT_URLCONF=__name__)
def test_an_address_that_nobody_serves_is_told_without_it(lines: Lines, client: Client) -> None:
    client.get("/mira@mail.example/")
    (line,) = lines()
    assert (line["route"], line["status"]) == ("none", 404)


@override_settings(ROOT_URLCONF=__name__)
def test_a_failure_is_told_once_with_the_id_that_the_page_shows(lines: Lines, client: Client) -> None:
    client.raise_request_exception = False
    response = client.get(f"/rs/x/{TOKEN}")
    failed, done = lines()
    assert (failed["event"], failed["level"], done["event"], done["status"]) == (
        "request.failed",
        "error",
        "request.done",
        500,
    )
    assert response.content.decode() == failed["request_id"] == done["request_id"]
    assert failed["exception"][0]["exc_value"] == f"cannot read {MASK} of {MASK}"
    assert "jmbg" not in json.dumps(failed)


def test_a_crash_is_told_without_values(lines: Lines) -> None:
    error = ValueError("mira@mail.example")
    sys.excepthook(ValueError, error, None)
    (line,) = lines()
    assert (line["event"], line["exception"][0]["exc_value"]) == ("process.crashed", MASK)
