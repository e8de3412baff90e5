"""`mypolis demo`: runs everything on one machine; starts the parts in order, monitors them, and stops them together."""

import errno
import os
import signal
import socket
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NoReturn
from urllib.error import URLError

import django

from mypolis.demo.demo_folder import DemoError, DemoHome
from mypolis.foundation.lib.postgres.embedded_postgres import running

START_SECONDS = 300  # a busy machine needs minutes; if a process ends by itself, nobody waits for it
LINKS_SECONDS = 10
_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def run_demo(*, host: str, port: int, reset: bool) -> int:
    """Run the demo until Ctrl-C (returns 0) or until one of its parts dies (1). Raises DemoError and others."""
    try:
        with _interruptible() as stopping:
            return _start_and_watch(stopping, host=host, port=port, reset=reset)
    except KeyboardInterrupt:
        return 0


def _start_and_watch(stopping: threading.Event, *, host: str, port: int, reset: bool) -> int:
    home = DemoHome(Path(os.environ.get("MYPOLIS_HOME") or ".mypolis"))
    with ExitStack() as stack:
        _check_port(host, port)
        stack.enter_context(home.held())
        if reset:
            _wipe(home)
        _say("Preparing …")
        os.environ.update(home.remember(_addresses(host, port)))
        database_url = os.environ.get("DATABASE_URL") or stack.enter_context(running(home.folder))
        os.environ.update(DATABASE_URL=database_url, DJANGO_SETTINGS_MODULE="mypolis.settings")
        return _run(stack, stopping, host=host, port=port)


def _run(stack: ExitStack, stopping: threading.Event, *, host: str, port: int) -> int:
    # The environment is complete only now. The settings read it on import, and all of these import the settings.
    django.setup()
    from mypolis.demo.fake_partners import open_sink  # noqa: PLC0415
    from mypolis.demo.prepare import prepare  # noqa: PLC0415
    from mypolis.demo.welcome import welcome  # noqa: PLC0415
    from mypolis.processes import Children  # noqa: PLC0415

    prepare(os.environ["DATABASE_URL"])
    sink = stack.enter_context(open_sink(os.environ["MYPOLIS_SMS_TOKEN"]))
    os.environ.update(MYPOLIS_SMTP_URL=sink.smtp_url, MYPOLIS_SMS_URL=sink.sms_url)
    children = stack.enter_context(Children(os.environ, stopping))
    for number in _STOPPING:
        signal.signal(number, children.stop)
    children.start("worker", "worker")
    children.start("web server", "serve", "--host", host, "--port", str(port))
    if not _wait_for_web(port, stopping, children.dead):
        raise DemoError("The demo did not start: see the lines above.")
    _say(welcome(os.environ["MYPOLIS_PUBLIC_URL"], stopping, patience=LINKS_SECONDS))
    dead = children.watch()
    if dead is not None:
        _say(f"The {dead} ended by itself, so the demo stops.")
        return 1
    _say("Stopping …")
    return 0


def _wait_for_web(port: int, stopping: threading.Event, dead: Callable[[], str | None]) -> bool:
    """Wait until the web server answers; True also if the demo was asked to stop."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and not stopping.is_set() and dead() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return True
        except (URLError, OSError):
            stopping.wait(0.1)
    return stopping.is_set()


def _wipe(home: DemoHome) -> None:
    from mypolis.demo import database_mark  # noqa: PLC0415 - only here

    database_url = os.environ.get("DATABASE_URL") or home.environment().get("DATABASE_URL")
    if database_url:
        database_mark.wipe(database_url)
    home.wipe()


def _addresses(host: str, port: int) -> dict[str, str]:
    """The variables that this start saves, in addition to the secrets."""
    chosen = {name: value for name in ("DATABASE_URL", "MYPOLIS_MARKETS") if (value := os.environ.get(name))}
    if host not in _LOOPBACK:
        chosen["MYPOLIS_ALLOWED_HOSTS"] = os.environ.get("MYPOLIS_ALLOWED_HOSTS") or "*"
    chosen["MYPOLIS_PUBLIC_URL"] = os.environ.get("MYPOLIS_PUBLIC_URL") or f"http://localhost:{port}"
    return chosen


def _check_port(host: str, port: int) -> None:
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise DemoError(f"Port {port} is taken. Choose another one: make demo PORT={port + 1}") from None
        raise DemoError(f"Cannot listen on {host}:{port}: {error.strerror}") from None


@contextmanager
def _interruptible() -> Iterator[threading.Event]:
    """Turn every stop signal into KeyboardInterrupt, once, so that the cleanup is not interrupted again.

    The event `stopping` is set as well. Python drops an exception raised inside a destructor or a weak reference's
    callback, so the exception alone can be lost: code that waits must also check `stopping`.
    """
    stopping = threading.Event()

    def interrupt(*_signal: object) -> NoReturn:
        stopping.set()
        for number in _STOPPING:
            signal.signal(number, _let_be)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in _STOPPING}
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _let_be(*_signal: object) -> None:
    """Does nothing: everything is stopping already."""


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
