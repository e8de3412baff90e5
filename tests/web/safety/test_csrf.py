"""A form must come from our page; a browser without cookies gets an explanation."""

import re

import pytest
from django.test import Client

from mypolis.foundation.journeys.models import Journey
from tests.house.pages.test_pages import assert_guarded, assert_well_made

FORMS = ["/rs/signin/", "/id/register/", "/ru/register/", "/ru/i/x", "/ru/e/x", "/language/", "/id/signout/"]
ANSWER = {"step": "credentials", "email": "a@b.example", "password": "wrong", "next": "/", "language": "en"}


@pytest.fixture
def browser(db: None) -> Client:
    """A client whose forms are checked like a browser's."""
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize("address", FORMS)
def test_a_form_without_our_cookie_is_told_to_allow_cookies(browser: Client, address: str) -> None:
    response = browser.post(address, ANSWER)
    assert response.status_code == 403
    assert response.context["kind"] == "no-cookies"
    assert_well_made(response)
    assert_guarded(response)
    assert not Journey.objects.exists()


def test_a_form_with_anothers_token_is_refused(browser: Client) -> None:
    browser.get("/rs/signin/")
    assert browser.post("/rs/signin/", {**ANSWER, "csrfmiddlewaretoken": "x" * 64}).status_code == 403
    assert browser.post("/rs/signin/", ANSWER).status_code == 403


@pytest.mark.parametrize("origin", ["http://elsewhere.test", "null", "https://testserver.elsewhere.test"])
def test_a_form_from_another_site_is_refused(browser: Client, origin: str) -> None:
    form = {**ANSWER, "csrfmiddlewaretoken": _token(browser)}
    assert browser.post("/rs/signin/", form, headers={"origin": origin}).status_code == 403


def test_a_form_of_our_own_page_is_taken(browser: Client) -> None:
    response = browser.post("/rs/signin/", {**ANSWER, "csrfmiddlewaretoken": _token(browser)})
    assert response.status_code == 422
    assert response.context["step"].name == "credentials"


def test_the_api_needs_no_such_token_since_it_takes_no_cookies(browser: Client) -> None:
    response = browser.post("/api/v1/rs/journeys", {"journey": "signin"}, "application/json")
    assert response.status_code == 201
    assert not response.cookies


def _token(browser: Client) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get("/rs/signin/").content.decode())
    assert found
    return found[1]
