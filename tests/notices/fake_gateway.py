"""A fake SMS gateway and a fake mail server: real sockets, and strict about their input."""

import asyncio
import json
import re
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from uuid import UUID

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

TOKEN = "a-token-of-the-gateway"

type Mood = Literal["later", "never", "slow", "close", "no-json"]


class FakeSmsGateway:
    """Accepts what a strict gateway accepts. `taken` holds each message once, `refused` the reasons of refusals.

    `moods` say how it treats the next requests, in order. "close" accepts the message and closes the connection
    during the response.
    """

    def __init__(self) -> None:
        self.taken: dict[str, dict[str, str]] = {}
        self.refused: list[str] = []
        self.requests = 0
        self.moods: deque[Mood] = deque()
        self.slowness = 0.5
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                gateway.answer(self)

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/messages"

    @contextmanager
    def serving(self) -> Iterator["FakeSmsGateway"]:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        with suppress(BrokenPipeError):  # a killed worker does not wait for the response
            self._answer(request)

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        self.requests += 1
        body = request.rfile.read(int(request.headers["Content-Length"]))
        mood = self.moods.popleft() if self.moods else None
        if mood in ("later", "never"):
            return _reply(request, 503 if mood == "later" else 422)
        if request.headers["Authorization"] != f"Bearer {TOKEN}":
            self.refused.append("token")
            return _reply(request, 401)
        if problem := _problem(request, body):
            self.refused.append(problem)
            return _reply(request, 400)
        message = json.loads(body)
        self.taken.setdefault(message["id"], message)
        if mood == "slow":
            time.sleep(self.slowness)
        if mood == "close":
            request.close_connection = True
            return None
        return _reply(request, 202, b"OK" if mood == "no-json" else json.dumps({"id": "gw-1"}).encode())


def _problem(request: BaseHTTPRequestHandler, body: bytes) -> str:
    if request.headers["Content-Type"] != "application/json":
        return "content type"
    try:
        message: dict[str, Any] = json.loads(body)
    except ValueError:
        return "json"
    if message.keys() != {"to", "text", "sender", "id"}:
        return "keys"
    if not re.fullmatch(r"\+[1-9]\d{6,14}", message["to"]):
        return "to"
    if not 1 <= len(message["text"]) <= 612 or "\r" in message["text"]:
        return "text"
    if not re.fullmatch(r"[A-Za-z0-9 ]{1,11}|\+?\d{3,15}", message["sender"]):
        return "sender"
    if str(UUID(message["id"])) != message["id"] or request.headers["Idempotency-Key"] != message["id"]:
        return "id"
    return ""


def _reply(request: BaseHTTPRequestHandler, status: int, body: bytes = b"{}") -> None:
    request.send_response(status)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


class FakeMailServer:
    """Keeps the e-mails that it accepts. `at_rcpt` and `at_data` are its next responses to these commands, in order.

    With "close" it accepts the e-mail and closes the connection without a response. `slowness` is the time in seconds
    before each response.
    """

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.at_rcpt: deque[str] = deque()
        self.at_data: deque[str] = deque()
        self.slowness = 0.0
        self.connections = 0
        self._controller = _Controller(self, hostname="127.0.0.1", port=0)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._controller.port}"

    @contextmanager
    def serving(self) -> Iterator["FakeMailServer"]:
        self._controller.start()
        try:
            yield self
        finally:
            self._controller.stop()

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.at_rcpt:
            return self.at_rcpt.popleft()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = self.at_data.popleft() if self.at_data else "250 OK"
        if answer in ("250 OK", "close"):
            assert isinstance(envelope.content, bytes)
            self.raw.append(envelope.content)
            self.mails.append(message_from_bytes(envelope.content, policy=default))
            self.envelopes.append((envelope.mail_from or "", list(envelope.rcpt_tos)))
        await asyncio.sleep(self.slowness)
        if answer == "close":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return answer


class _Controller(Controller):  # type: ignore[misc, unused-ignore]
    """aiosmtpd's controller, on a port that the system chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()  # type: ignore[no-untyped-call]
