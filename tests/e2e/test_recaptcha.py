"""A page with reCAPTCHA in a browser that enforces its content security policy; a fake serves the script."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, Route, expect

from mypolis.foundation.markets import registry
from mypolis.foundation.markets.serbia import PROFILE
from mypolis.foundation.web.assets import bundles
from tests.guards.fake_recaptcha import FakeRecaptcha

PORTAL = "http://portal.example"


@pytest.fixture
def google(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeRecaptcha]:
    monkeypatch.setitem(registry.all_markets(), "rs", replace(PROFILE, captcha_by="recaptcha"))
    settings.ALLOWED_HOSTS = ["portal.example"]
    with FakeRecaptcha().serving() as fake:
        settings.MYPOLIS = settings.MYPOLIS.model_copy(update=fake.settings)
        yield fake
    assert fake.faults == []


def fetched(route: Route) -> None:
    """Serve from the fake, which listens on an address that browsers block for public pages."""
    found = httpx.get(route.request.url)
    route.fulfill(status=found.status_code, headers=dict(found.headers), body=found.content)


@pytest.fixture
def page(chromium: Browser, google: FakeRecaptcha) -> Iterator[Page]:
    """A browser page served by this process. Policy violations appear in the browser's console."""
    context = chromium.new_context()
    page = context.new_page()
    with ThreadPoolExecutor(1) as beside:  # the browser's loop is this thread's

        def answer(route: Route) -> None:
            path = urlsplit(route.request.url).path
            if path.endswith(".js"):
                return route.fulfill(body=bundles.script(), content_type="text/javascript")
            if path.startswith("/static/"):
                return route.fulfill(body="", content_type="text/css")
            found = beside.submit(Client(headers={"host": "portal.example"}).get, path).result()
            return route.fulfill(status=found.status_code, headers=dict(found.headers), body=found.content)

        page.route(f"{PORTAL}/**", answer)
        page.route(f"{google.url}/**", fetched)
        yield page
    context.close()


def test_the_script_gets_its_token_under_the_opened_policy(google: FakeRecaptcha, page: Page) -> None:
    forbidden: list[str] = []
    page.on("console", lambda line: forbidden.append(line.text) if "Content Security Policy" in line.text else None)
    page.goto(f"{PORTAL}/rs/register/client/")
    expect(page.locator("[data-recaptcha]")).not_to_have_value("")
    token = page.locator("[data-recaptcha]").input_value()
    assert google.tokens[token] == "rs/register"
    expect(page.locator("input[name=captcha]")).not_to_have_value("", timeout=30_000)  # its own proof, made beside
    assert forbidden == []


def test_where_google_cannot_be_reached_the_page_s_own_proof_stands(google: FakeRecaptcha, page: Page) -> None:
    page.route(f"{google.url}/**", lambda route: route.abort())
    page.goto(f"{PORTAL}/rs/register/client/")
    expect(page.locator("input[name=captcha]")).not_to_have_value("", timeout=30_000)  # its own proof, made beside
    assert page.locator("[data-recaptcha]").input_value() == ""
