"""The people of the soak test, who use the JSON API: members sign in on a known device, newcomers register."""

import http.client
import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from queue import SimpleQueue
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from benchmarks.members import BIRTH_DATE, PASSWORD, Member, make_members, put_on_file

START_SECONDS = 90
CODE_SECONDS = 30
_CODE = re.compile(r"\b\d{6}\b")
_HEADERS = {"Host": "portal.example", "Content-Type": "application/json"}


@dataclass
class Mailbox:
    """Keeps the newest code for each address until it is read. Drops other mail."""

    url: str = ""
    _codes: dict[str, str] = field(default_factory=dict)
    _came: threading.Condition = field(default_factory=threading.Condition)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Called by aiosmtpd for every mail."""
        body = message_from_bytes(envelope.content or b"", policy=default).get_body(("plain",))  # type: ignore[arg-type]
        found = _CODE.search(body.get_content()) if body else None
        if found:
            with self._came:
                self._codes[envelope.rcpt_tos[0]] = found[0]
                self._came.notify_all()
        return "250 OK"

    def code(self, address: str) -> str:
        """Wait for a code. Raises TimeoutError."""
        with self._came:
            if not self._came.wait_for(lambda: address in self._codes, CODE_SECONDS):
                raise TimeoutError("no code came")
            return self._codes.pop(address)


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """Run a mail server on a free local port in the block."""
    port = free_port()
    box = Mailbox(url=f"smtp://127.0.0.1:{port}")
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield box
    finally:
        server.stop()


def free_port() -> int:
    """Return a port on which nobody listens now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class People:
    """All people. Each thread has its own connection; only one thread at a time uses a member."""

    def __init__(self, box: Mailbox, *, members: int, newcomers: int) -> None:
        self.port = free_port()
        self._box, self._lines = box, threading.local()
        self._members: SimpleQueue[tuple[Member, str]] = SimpleQueue()
        for member in make_members("id", members):
            self._members.put((member, ""))
        self._newcomers: SimpleQueue[int] = SimpleQueue()
        for number in range(members + 1, members + newcomers + 1):
            put_on_file("id", number)
            self._newcomers.put(number)

    def sign_everybody_in(self) -> None:
        """Wait for the web server, and sign in each member once, so that the device is known."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self._ask("GET", "/healthz")
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                self._lines.one = None
                time.sleep(0.2)
        for _member in range(self._members.qsize()):
            self._sign_in()

    def journey(self, turn: int) -> float:
        """Make one whole journey and return its seconds."""
        began = time.monotonic()
        if turn % 5:
            self._sign_in()
        else:
            self._register(self._newcomers.get_nowait())
        return time.monotonic() - began

    def _sign_in(self) -> None:
        member, device = self._members.get()
        document = self._start({"journey": "signin", "device": device} if device else {"journey": "signin"})
        answers = {"username": member.name, "password": PASSWORD}
        document = self._answer(document, "credentials", answers)
        if document["state"] == "open":
            document = self._answer(document, "code", {"code": self._box.code(member.code_to)})
        self._members.put((member, document["result"].get("device_token", device)))

    def _register(self, number: int) -> None:
        email = f"ana{number}@example.test"
        document = self._start({"journey": "register", "way": "group"})
        who = {"policy_number": "BENCH-1", "participant_number": f"{number:06}", "birth_date": str(BIRTH_DATE)}
        self._answer(document, "identity", {**who, "email": email})
        self._answer(document, "licence", {"accept_licence": True})
        self._answer(document, "code", {"code": self._box.code(email)})
        self._answer(document, "username", {})
        done = self._answer(document, "password", {"password": PASSWORD, "password_repeat": PASSWORD})
        if done["state"] != "done":
            raise RuntimeError(f"registration did not end: {done}")

    def _start(self, body: dict[str, Any]) -> dict[str, Any]:
        return self._ask("POST", "/api/v1/id/journeys", body)

    def _answer(self, document: dict[str, Any], step: str, answers: dict[str, Any]) -> dict[str, Any]:
        return self._ask("POST", f"/api/v1/id/journeys/{document['token']}", {"step": step, "answers": answers})

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the response as JSON. Raises RuntimeError if it is an error, because we measure a working portal."""
        content = json.dumps(body) if body is not None else None
        answer, text = self._sent(method, path, content)
        if answer.status not in (200, 201):
            raise RuntimeError(f"{answer.status}: {text[:300]!r}")
        return dict(json.loads(text)) if text.startswith(b"{") else {}

    def _sent(self, method: str, path: str, content: str | None) -> tuple[http.client.HTTPResponse, bytes]:
        for last in (False, True):
            line = getattr(self._lines, "one", None) or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            self._lines.one = line
            try:
                line.request(method, path, body=content, headers=_HEADERS)
                answer = line.getresponse()
                return answer, answer.read()
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                # The server may have closed a kept connection meanwhile. On a new connection this is an error.
                line.close()
                self._lines.one = None
                if last:
                    raise
        raise AssertionError
