"""One connection to an SMPP centre, shared by the threads of a process: bound at the first message, rebound on failure.

smpplib provides the PDUs and the socket. This module matches responses to requests and handles broken connections.
One thread reads; each sender waits for the response to its own sequence number.
"""

import select
import socket
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from contextlib import suppress
from typing import Any

import structlog
from smpplib import consts, exceptions, smpp
from smpplib.client import Client

from mypolis.foundation.notices.gateways import TIMEOUT_SECONDS, DeliveryFailed

CONNECT_SECONDS = 5.0
QUIET_SECONDS = 30.0  # of silence, after which we check the connection

type OnDeliver = Callable[[Any], int]

_log = structlog.get_logger(__name__)


class Refused(Exception):
    """The centre answered with an error; `status` is the protocol's number for it."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class _Broken(Exception):
    """The connection is broken."""


class _Client(Client):  # type: ignore[misc]  # the library has no types
    """smpplib's client, with IPv6 support, and with host name verification under TLS."""

    def connect(self) -> None:
        """Open the socket. Raises OSError."""
        plain = socket.create_connection((self.host, self.port), timeout=CONNECT_SECONDS)
        secured = self._ssl_context.wrap_socket(plain, server_hostname=self.host) if self._ssl_context else plain
        secured.settimeout(TIMEOUT_SECONDS)
        self._socket = secured
        self.state = consts.SMPP_CLIENT_STATE_OPEN

    def has_news(self, seconds: float) -> bool:
        """Whether data arrived within `seconds`."""
        held = self._socket
        if isinstance(held, ssl.SSLSocket) and held.pending():
            return True
        return bool(select.select([held], [], [], seconds)[0])

    def drop(self) -> None:
        """Close the socket without an unbind; can be called from any thread."""
        held, self._socket = self._socket, None
        if held is not None:
            with suppress(OSError):
                held.shutdown(socket.SHUT_RDWR)
            held.close()


class Link:
    """A transceiver session. `on_deliver` gets what the centre sends us and returns the status for the response."""

    def __init__(
        self, *, host: str, port: int, tls: bool, system_id: str, password: str, on_deliver: OnDeliver
    ) -> None:
        self._place, self._tls = (host, port), tls
        self._credentials = {"system_id": system_id, "password": password}
        self._on_deliver = on_deliver
        self._lock = threading.Lock()  # protects writes to the socket, the client, and the waiting senders
        self._client: _Client | None = None
        self._waiting: dict[int, Future[Any]] = {}
        self._receiving = ThreadPoolExecutor(1, thread_name_prefix="smpp-receipts")

    def submit(self, **fields: Any) -> str:
        """Submit one segment; return the centre's id. Raises Refused, or DeliveryFailed without a response."""
        with self._lock:
            client = self._client or self._open()
            unit = smpp.make_pdu("submit_sm", client=client, **fields)
            answer = self._waiting[unit.sequence] = Future()
            try:
                client.send_pdu(unit)
            except (exceptions.ConnectionError, OSError):
                self._close(client)
        try:
            found = answer.result(TIMEOUT_SECONDS)
        except (_Broken, TooLate):
            raise DeliveryFailed("smpp no answer", unsure=True) from None
        finally:
            self._waiting.pop(unit.sequence, None)
        if found.is_error():
            raise Refused(int(found.status))
        return _text(found.message_id)

    @property
    def is_open(self) -> bool:
        """Whether the session is bound."""
        return self._client is not None

    def close(self) -> None:
        """Close the connection; the next message binds again."""
        with self._lock:
            if self._client is not None:
                self._close(self._client)

    def _open(self) -> _Client:
        context = ssl.create_default_context() if self._tls else None
        client = _Client(*self._place, ssl_context=context, allow_unknown_opt_params=True)
        try:
            client.connect()
            client.bind_transceiver(**self._credentials)
        except (exceptions.ConnectionError, exceptions.PDUError, OSError) as error:
            client.drop()
            status = error.args[1] if isinstance(error, exceptions.PDUError) and len(error.args) > 1 else ""
            raise DeliveryFailed(f"smpp not bound {status}".strip(), down=True) from None
        self._client = client
        threading.Thread(target=self._read, args=(client,), name="smpp-link", daemon=True).start()
        return client

    def _close(self, client: _Client) -> None:
        """Close the connection and wake all waiting senders. The caller holds the lock."""
        client.drop()
        if self._client is client:
            self._client = None
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(_Broken())

    def _read(self, client: _Client) -> None:
        try:
            while True:
                self._listen(client)
        except Exception as error:
            if self._client is client:  # else it was closed on purpose, and reading met a closed socket
                _log.info("smpp.line_ended", error=type(error).__name__)
        with self._lock:
            self._close(client)

    def _listen(self, client: _Client) -> None:
        if not client.has_news(QUIET_SECONDS):
            self._say(client, smpp.make_pdu("enquire_link", client=client))
            if not client.has_news(TIMEOUT_SECONDS):
                raise _Broken
        unit = client.read_pdu()
        if unit.command in {"submit_sm_resp", "generic_nack"}:
            answer = self._waiting.get(unit.sequence)
            if answer is not None and not answer.done():
                answer.set_result(unit)
        elif unit.command == "deliver_sm":
            self._receiving.submit(self._received, client, unit)
        elif unit.command == "enquire_link":
            self._answer(client, unit, consts.SMPP_ESME_ROK)
        elif unit.command == "unbind":
            self._answer(client, unit, consts.SMPP_ESME_ROK)
            raise _Broken

    def _received(self, client: _Client, unit: Any) -> None:
        try:
            status = self._on_deliver(unit)
        except Exception:
            _log.exception("smpp.receipt_failed")
            status = consts.SMPP_ESME_RX_T_APPN  # the centre should send it again later
        with suppress(exceptions.ConnectionError, OSError, AttributeError):  # the connection may be closed already
            self._answer(client, unit, status)

    def _answer(self, client: _Client, unit: Any, status: int) -> None:
        answer = smpp.make_pdu(f"{unit.command}_resp", client=client, status=status)
        answer.sequence = unit.sequence
        self._say(client, answer)

    def _say(self, client: _Client, unit: Any) -> None:
        with self._lock:
            client.send_pdu(unit)


def _text(value: object) -> str:
    return value.decode("ascii", "replace") if isinstance(value, bytes) else str(value or "")
