"""Errors: people get a page that says what to do next, programs get a problem document."""

from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.test import Client, RequestFactory

from mypolis.foundation.web import views
from mypolis.foundation.web.branding.brand import brand_of
from tests.house.pages.test_pages import assert_guarded, assert_well_made


@pytest.fixture
def broken(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A portal whose sign-in raises an exception."""
    client.raise_request_exception = False
    monkeypatch.setattr("mypolis.foundation.journeys.rows.unsaved", lambda **_kwargs: 1 / 0)
    return client


@pytest.mark.parametrize("host", ["elsewhere.test", "testserver.elsewhere.test", "a b", "testserver:x", "[::1", "\x00"])
def test_a_foreign_host_is_a_400(client: Client, db: None, host: str) -> None:
    response = client.get("/rs/", headers={"host": host})
    assert response.status_code == 400
    assert_well_made(response)
    assert host.encode() not in response.content


def test_a_foreign_host_cannot_bend_an_address(client: Client, db: None) -> None:
    response = client.get("/rs/signin", headers={"host": "elsewhere.test"})
    assert "Location" not in response


@pytest.mark.parametrize("market", ["rs", "id", "ru"])
def test_a_missing_page_is_the_insurers_own(client: Client, db: None, market: str) -> None:
    response = client.get(f"/{market}/nothing/")
    assert response.status_code == 404
    text = response.content.decode()
    assert brand_of(market).name in text
    assert brand_of(market).support.phone in text
    assert f'href="/{market}/"' in text


@pytest.mark.parametrize(
    "path", ["/xx/", "/xx/signin/", "/RS/", "/rs%00/", "/хх/", "/wp-login.php", "/.env", "/rs/.git/"]
)
def test_an_unknown_market_or_address_is_a_404(client: Client, db: None, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_fault_of_ours_says_so_and_nothing_else(broken: Client) -> None:
    response = broken.get("/rs/signin/")
    assert response.status_code == 500
    assert_well_made(response)
    assert_guarded(response)
    assert response["Cache-Control"] == "no-store"
    assert b"ZeroDivision" not in response.content
    assert b"Traceback" not in response.content


def test_a_fault_while_telling_a_fault_is_still_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(views, "render", fails)
    response = views.server_error(RequestFactory().get("/rs/"))
    assert response.status_code == 500
    assert b"Please try again" in response.content


@pytest.mark.parametrize("path", ["//elsewhere.test/rs", "//elsewhere.test/rs/register", "///elsewhere.test/x"])
def test_no_address_leads_to_another_site(client: Client, db: None, path: str) -> None:
    response = client.get(path)
    assert not response.get("Location", "/").startswith(("//", "http"))


@pytest.mark.parametrize("path", ["/", "/rs/", "/rs/legal/privacy/"])
def test_a_method_that_does_not_fit_is_told_in_words(client: Client, db: None, path: str) -> None:
    response = client.put(path)
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert_well_made(response)
    assert_guarded(response)


def test_what_is_too_large_is_told_so(rf: RequestFactory) -> None:
    request = rf.post("/rs/signin/")
    request.market = None  # type: ignore[attr-defined]
    response = views.bad_request(request, RequestDataTooBig())
    assert response.status_code == 413
    assert b"too large" in response.content


@pytest.mark.parametrize(
    "kind", ["400", "403", "404", "405", "410", "413", "429", "500", "503", "no-cookies", "offline"]
)
def test_every_error_has_words_and_a_drawing_of_its_own(rf: RequestFactory, kind: str) -> None:
    response = views.error_page(rf.get("/"), kind)
    text = response.content.decode()
    assert text.count('class="drawing') == 1
    assert ("Something went wrong" in text) == (kind == "500")
    assert ("The fault is ours" in text) == (kind == "500")


def test_the_type_of_a_request_is_told_by_its_path() -> None:
    asked: HttpRequest = RequestFactory().get("/api/v1/nothing", headers={"accept": "text/html"})
    assert views.not_found(asked, Exception())["Content-Type"] == "application/problem+json"
