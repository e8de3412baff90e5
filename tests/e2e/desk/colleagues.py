"""What the demo's staff do in a browser: sign in at the desk, with passwords, codes and passkeys."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import psycopg
from playwright.sync_api import Page

from mypolis.foundation.lib.postgres.embedded_postgres import running
from tests.e2e.walking.browsing import Tab
from tests.e2e.walking.running import Demo
from tests.waiting import until

type Colleague = dict[str, Any]

_typed: list[tuple[str, str, str]] = []
"""The demo, the e-mail and the code of each code that was typed."""

DEVICE = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
    "defaultBackupEligibility": True,
    "defaultBackupState": True,
}


def colleague(demo: Demo, role: str, *, market: str = "rs", which: int = 0) -> Colleague:
    """A sample colleague with this role, as the inbox knows them now."""
    staff = httpx.get(f"{demo.url}/inbox/colleagues.json", params={"market": market}).json()
    found: Colleague = [one for one in staff if role in one["roles"]][which]
    return found


def code_of(demo: Demo, one: Colleague) -> str:
    """A code of somebody's app that these tests have not typed. After two within half a minute, the next must come."""

    def is_new() -> bool:
        staff = httpx.get(f"{demo.url}/inbox/colleagues.json", params={"market": one["market"]}).json()
        typed = (demo.url, one["email"], next(str(now["code"]) for now in staff if now["email"] == one["email"]))
        if typed in _typed:
            return False
        _typed.append(typed)
        return True

    until(is_new, every=0.5)
    return _typed[-1][-1]


def type_password(tab: Tab, email: str, password: str) -> None:
    """Open sign-in and fill in its first page."""
    tab.open("/desk/signin/")
    tab.fill({"email": email, "password": password})
    tab.press(tab.page.locator("main .form-actions button"))


def sign_in(tab: Tab, demo: Demo, one: Colleague) -> None:
    """Sign in with the password and the app's code."""
    type_password(tab, one["email"], one["password"])
    tab.fill({"code": code_of(demo, one)})
    tab.press(tab.page.locator("main form:has([name=code]) button"))


class Authenticator:
    """The passkeys of the device on which a page is open. It belongs to that page alone."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("WebAuthn.enable", {"enableUI": False})
        added = self._session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        self._key = {"authenticatorId": added["authenticatorId"]}

    @property
    def passkeys(self) -> list[dict[str, Any]]:
        """The passkeys on the device."""
        found: list[dict[str, Any]] = self._session.send("WebAuthn.getCredentials", self._key)["credentials"]
        return found

    def forget(self) -> None:
        """Delete every passkey on the device."""
        for one in self.passkeys:
            self._session.send("WebAuthn.removeCredential", {**self._key, "credentialId": one["credentialId"]})

    def refuse_the_finger(self) -> None:
        """From now on the device does not recognise its owner."""
        self._session.send("WebAuthn.setUserVerified", {**self._key, "isUserVerified": False})


@contextmanager
def session_of(demo: Demo, one: Colleague) -> Iterator["SessionClock"]:
    """A block in which the clock of somebody's session at the desk can be moved."""
    with running(demo.home) as url, psycopg.connect(url, autocommit=True) as database:
        yield SessionClock(database, one["email"])


class SessionClock:
    """Moves the ends of somebody's sessions, so that no test waits for a quarter of an hour."""

    _THEIRS = "account_id = (select id from staff_staffaccount where email = %(email)s) and ended_at is null"

    def __init__(self, database: psycopg.Connection, email: str) -> None:
        self._database, self._email = database, email

    def lock_in(self, seconds: int) -> None:
        """Let the sessions lock in some seconds; negative: let them be locked."""
        self._move("idle_until = now() + %(seconds)s * interval '1 second'", seconds=seconds)

    def end(self) -> None:
        """Let the sessions be over."""
        self._move("ends_at = now()")

    @property
    def is_locked(self) -> bool:
        """Whether one of them is locked."""
        found = self._database.execute(
            f"select bool_or(idle_until <= now()) from staff_staffsession where {self._THEIRS}", {"email": self._email}
        ).fetchone()
        return bool(found and found[0])

    def _move(self, what: str, **values: int) -> None:
        self._database.execute(
            f"update staff_staffsession set {what}, last_act_at = now() - interval '14 minutes' where {self._THEIRS}",
            {"email": self._email, **values},
        )
