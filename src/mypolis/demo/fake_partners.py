"""Fake partners: an SMTP server and an SMS gateway that validate what they receive and fill the inbox."""

import asyncio
import hmac
import json
import re
import socket
import threading
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parseaddr
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection

from mypolis.demo.inbox import Sms, UnknownSender, keep_mail, keep_sms

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_LONGEST_BODY = 64 * 1024
_LONGEST_SMS = 1_530  # ten segments of a concatenated message


@dataclass(frozen=True)
class Sink:
    """The fakes' addresses, in the format of the settings."""

    smtp_url: str
    sms_url: str


@contextmanager
def open_sink(sms_token: str) -> Iterator[Sink]:
    """Run both fakes on free local ports while the block runs. The gateway requires this bearer token."""
    mailbox = _SmtpServer(_Mailbox())
    mailbox.start()
    gateway = _Gateway(("127.0.0.1", 0), _GatewayRequest)
    gateway.token = sms_token
    threading.Thread(target=gateway.serve_forever, name="sms-gateway", daemon=True).start()
    try:
        yield Sink(
            smtp_url=f"smtp://127.0.0.1:{mailbox.port}",
            sms_url=f"http://127.0.0.1:{gateway.server_address[1]}/messages",
        )
    finally:
        gateway.shutdown()
        gateway.server_close()
        mailbox.stop()


class _SmtpServer(Controller):
    """An SMTP server on a free port, which is known before the server starts."""

    def __init__(self, handler: object) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        host, port = self._listener.getsockname()
        super().__init__(handler, hostname=host, port=port)

    def _create_server(self) -> Awaitable[asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._listener)


class _Mailbox:
    """The handlers that aiosmtpd calls; they return SMTP status lines."""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's signature
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if "@" not in parseaddr(address)[1]:
            return "550 5.1.3 no such address"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        body = content if isinstance(content, bytes) else (content or "").encode()
        try:
            await asyncio.to_thread(_keep_mail, body, list(envelope.rcpt_tos))
        except (ValueError, UnknownSender) as error:
            return f"550 5.6.0 {error}"
        return "250 2.0.0 kept"


def _keep_mail(content: bytes, recipients: list[str]) -> None:
    try:
        keep_mail(content, recipients)
    finally:
        connection.close()


class _Gateway(ThreadingHTTPServer):
    daemon_threads = True
    token: str


class _GatewayRequest(BaseHTTPRequestHandler):
    """One POST of `{"to", "text", "sender", "id"}`; a repeated id is accepted again but delivered once."""

    server: _Gateway
    timeout = 10

    def do_POST(self) -> None:
        expected = f"Bearer {self.server.token}"
        if not hmac.compare_digest(self.headers.get("Authorization", "").encode(), expected.encode()):
            return self._answer(401, "wrong or missing bearer token")
        try:
            sms = _read_sms(self._body())
        except ValueError as error:
            return self._answer(400, str(error))
        try:
            keep_sms(sms)
        except UnknownSender as error:
            return self._answer(422, str(error))
        finally:
            connection.close()
        return self._answer(200, "taken")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Does nothing: the product's own logs show what was sent."""

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > _LONGEST_BODY:
            raise ValueError("a body of at most 64 kB is needed")
        return self.rfile.read(int(length))

    def _answer(self, status: int, detail: str) -> None:
        body = json.dumps({"detail": detail}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _read_sms(body: bytes) -> Sms:
    try:
        data = json.loads(body)
    except ValueError:
        raise ValueError("the body must be JSON") from None
    if not isinstance(data, dict) or data.keys() != {"to", "text", "sender", "id"}:
        raise ValueError("the body must have to, text, sender and id, nothing else")
    if not all(isinstance(value, str) and value for value in data.values()):
        raise ValueError("to, text, sender and id must be texts")
    if not _E164.fullmatch(data["to"]):
        raise ValueError("to must be an E.164 number")
    if len(data["text"]) > _LONGEST_SMS:
        raise ValueError(f"text must have at most {_LONGEST_SMS} characters")
    return Sms(**data)
