"""Cookies: few, not readable for scripts, and bound to this host if there is TLS."""

import json
import subprocess
import sys
from http.cookies import Morsel
from typing import Any

import pytest
from django.test import Client

from tests.cast import ANNA
from tests.doors import PageDoor
from tests.post import Post
from tests.registration.steps import sign_in
from tests.web.safety.sessions import member

SETTINGS = """
import json
from django.conf import settings
names = ["NAME", "SECURE", "HTTPONLY", "SAMESITE"]
kept = {name: getattr(settings, f"CSRF_COOKIE_{name}") for name in names}
print(json.dumps({**kept, "HSTS": settings.SECURE_HSTS_SECONDS}))
"""


@pytest.fixture
def with_tls(settings: Any) -> None:
    """A portal whose public URL begins with https."""
    settings.CSRF_COOKIE_SECURE = True
    settings.CSRF_COOKIE_NAME = "__Host-csrf"


def test_cookies_of_a_portal_with_tls_are_secure_and_of_this_host_alone(
    client: Client, post: Post, with_tls: None
) -> None:
    sign_in(PageDoor(client), post, ANNA, member(ANNA))
    names = {name for name, cookie in client.cookies.items() if cookie.value}
    assert names == {"__Host-csrf", "__Host-session-ru", "__Host-device-ru"}
    for cookie in client.cookies.values():
        _assert_kept_close(cookie)
        assert cookie["secure"]


def test_cookies_without_tls_have_no_promise_that_a_browser_would_refuse(client: Client, post: Post) -> None:
    sign_in(PageDoor(client), post, ANNA, member(ANNA))
    assert {name for name, cookie in client.cookies.items() if cookie.value} == {"csrf", "session-ru", "device-ru"}
    for cookie in client.cookies.values():
        _assert_kept_close(cookie)
        assert not cookie["secure"]


@pytest.mark.parametrize(("url", "tls"), [("https://portal.example", True), ("http://localhost:8000", False)])
def test_the_public_address_decides(url: str, tls: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MYPOLIS_PUBLIC_URL", url)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "mypolis.settings")
    ran = subprocess.run([sys.executable, "-c", SETTINGS], capture_output=True, check=True, text=True)
    assert json.loads(ran.stdout) == {
        "NAME": "__Host-csrf" if tls else "csrf",
        "SECURE": tls,
        "HTTPONLY": True,
        "SAMESITE": "Lax",
        "HSTS": 365 * 24 * 3600 if tls else 0,
    }


@pytest.mark.parametrize("address", ["/", "/rs/", "/ru/legal/rules/", "/healthz", "/api/v1/rs", "/rs/brand.css"])
def test_a_page_that_only_shows_leaves_no_cookie_but_that_of_its_forms(client: Client, db: None, address: str) -> None:
    client.get(address)
    assert set(client.cookies) <= {"csrf"}


def _assert_kept_close(cookie: "Morsel[str]") -> None:
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert not cookie["domain"]
