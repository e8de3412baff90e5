"""Starts a separate demo, and signs in as one of its sample members: for Lighthouse and for pictures."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

CHROMIUM = "/usr/bin/chromium"
START_SECONDS, CODE_SECONDS = 120, 20


class NotMeasured(Exception):
    """Something is missing; the message says how to get it."""


@contextmanager
def running_demo(home: Path) -> Iterator[str]:
    """Run a separate demo with new people in the block; yields its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("MYPOLIS_", "DATABASE_URL"))}
    with (home / "demo.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "mypolis.cli", "demo", "--port", str(port)],
            env={**ours, "MYPOLIS_HOME": str(home)},
            stdout=log,
            stderr=log,
        )
    try:
        url = f"http://localhost:{port}"
        _wait_for(url, process)
        yield url
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{url}/readyz").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise NotMeasured("the demo did not start")


def cookies_of_a_member(url: str, market: str) -> str:
    """Sign in as a sample member, and return the `Cookie` header of the member's browser."""
    with httpx.Client(base_url=url, follow_redirects=True, timeout=30) as browser:
        people = browser.get("/inbox/people.json", params={"market": market}).json()
        member = next(person for person in people if person["password"])
        page = browser.get(f"/{market}/signin/")
        name = next(name for name in ("email", "username", "mobile") if f'name="{name}"' in page.text)
        page = _post(browser, page, step="credentials", password=member["password"], **{name: member[name]})
        contact = member["mobile"] if name == "mobile" else member["email"]
        page = _post(browser, page, step="code", code=_code(browser, contact))
        if not page.url.path.endswith(f"/{market}/home/"):
            raise NotMeasured(f"a sample member of {market} cannot sign in")
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies.jar)


def _post(browser: httpx.Client, page: httpx.Response, **data: str) -> httpx.Response:
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    if token is None:
        raise NotMeasured(f"no form at {page.url}")
    return browser.post(page.url, data={**data, "csrfmiddlewaretoken": token[1]})


def _code(browser: httpx.Client, contact: str) -> str:
    deadline = time.monotonic() + CODE_SECONDS
    while time.monotonic() < deadline:
        for message in browser.get("/inbox/messages.json", params={"to": contact}).json():
            if message["code"]:
                return str(message["code"])
        time.sleep(0.2)
    raise NotMeasured("no code arrived")
