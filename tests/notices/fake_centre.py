"""A fake SMPP centre of an operator: real sockets, its own parsing of bytes, and strict about its input."""

import socket
import ssl
import struct
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

SYSTEM_ID, PASSWORD = "mypolis", "s3cret-s"
BIND, SUBMIT, DELIVER, UNBIND, ENQUIRE = 0x09, 0x04, 0x05, 0x06, 0x15
LATER = 0x64  # the response to a receipt that should be sent again later
GSM = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
ESCAPED = {0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€"}

type Mood = int | Literal["silent", "close", "later"]


@dataclass
class Short:
    """One segment as received; `udh` is the header that joins segments."""

    source: tuple[int, int, str]
    target: tuple[int, int, str]
    coding: int
    wants_receipt: bool
    udh: bytes
    text: str


@dataclass
class FakeCentre:
    """`shorts` are the accepted segments. `moods` say how it treats the next ones: a status, no answer, or hanging up.

    With "later" it accepts the segment, but responds only after sending the receipt. `outcome` is the state in
    receipts; "" sends none. It repeats a receipt that we refuse temporarily.
    """

    shorts: list[Short] = field(default_factory=list)
    moods: deque[Mood] = field(default_factory=deque)
    outcome: str = "DELIVRD"
    error: str = "000"
    answers: list[tuple[int, int]] = field(default_factory=list)
    binds: int = 0
    enquiries: int = 0
    tls: ssl.SSLContext | None = None

    def __post_init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._open: list[socket.socket] = []

    def url(self, password: str = PASSWORD) -> str:
        return f"{'smpps' if self.tls else 'smpp'}://{SYSTEM_ID}:{password}@127.0.0.1:{self.port}"

    @contextmanager
    def serving(self) -> Iterator["FakeCentre"]:
        threading.Thread(target=self._accept, daemon=True).start()
        try:
            yield self
        finally:
            self._server.close()
            self.hang_up()

    def hang_up(self) -> None:
        for line in self._open:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()
        self._open.clear()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                line, _address = self._server.accept()
                self._open.append(line)
                threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        bound = False
        with suppress(OSError, EOFError):
            if self.tls:
                line = self.tls.wrap_socket(line, server_side=True)
                self._open.append(line)
            while True:
                command, status, sequence, body = _read(line)
                if command == BIND:
                    bound = self._bind(line, sequence, body)
                elif command == ENQUIRE:
                    self.enquiries += 1
                    _write(line, ENQUIRE | 0x80000000, 0, sequence)
                elif command == UNBIND:
                    _write(line, UNBIND | 0x80000000, 0, sequence)
                elif command == SUBMIT:
                    self._submit(line, sequence, body) if bound else _write(line, 0x80000004, 0x04, sequence)
                else:
                    self.answers.append((command, status))
                    if (command, status) == (DELIVER | 0x80000000, LATER):
                        _write(line, DELIVER, 0, 7, self._receipt_sent)

    def _bind(self, line: socket.socket, sequence: int, body: bytes) -> bool:
        system_id, rest = _text(body)
        password, _rest = _text(rest)
        right = (system_id, password) == (SYSTEM_ID, PASSWORD)
        self.binds += right
        _write(line, BIND | 0x80000000, 0 if right else 0x0E, sequence, b"centre\0")
        return right

    def _submit(self, line: socket.socket, sequence: int, body: bytes) -> None:
        mood = self.moods.popleft() if self.moods else 0
        if isinstance(mood, int) and mood:
            _write(line, 0x80000004, mood, sequence)
            return
        short = read_submit(body)
        self.shorts.append(short)
        message_id = f"c-{len(self.shorts)}"
        if mood == "close":
            line.shutdown(socket.SHUT_RDWR)
            return
        if mood == "later":
            self._receipt(line, message_id, short)
        if mood != "silent":
            _write(line, 0x80000004, 0, sequence, message_id.encode() + b"\0")
        if mood == 0 and short.wants_receipt and self.outcome:
            self._receipt(line, message_id, short)

    def _receipt(self, line: socket.socket, message_id: str, short: Short) -> None:
        words = (
            f"id:{message_id} sub:001 dlvrd:001 submit date:2611241200 done date:2611241201 "
            f"stat:{self.outcome} err:{self.error} text:"
        ).encode()
        there, here = short.target[2].encode(), short.source[2].encode()
        body = b"\0\x01\x01" + there + b"\0\x05\0" + here + b"\0\x04\0\0\0\0\0\0\0\0" + bytes([len(words)]) + words
        self._receipt_sent = body
        _write(line, DELIVER, 0, 7, body)


def read_submit(body: bytes) -> Short:
    """Parse the fields of a submit_sm."""
    _service, rest = _text(body)
    source, rest = (rest[0], rest[1]), rest[2:]
    source_address, rest = _text(rest)
    target, rest = (rest[0], rest[1]), rest[2:]
    target_address, rest = _text(rest)
    esm_class, rest = rest[0], rest[3:]
    _scheduled, rest = _text(rest)
    _validity, rest = _text(rest)
    registered, _replace, coding, _default, length = rest[:5]
    octets = rest[5 : 5 + length]
    assert len(octets) == length <= 254
    udh = octets[: octets[0] + 1] if esm_class & 0x40 else b""
    content = octets[len(udh) :]
    assert len(udh) + len(content) <= (140 if coding == 8 else 160), "more than one SMS holds"
    return Short(
        source=(*source, source_address),
        target=(*target, target_address),
        coding=coding,
        wants_receipt=bool(registered & 1),
        udh=udh,
        text=content.decode("utf-16-be") if coding == 8 else _from_gsm(content),
    )


def _from_gsm(octets: bytes) -> str:
    text, left = "", iter(octets)
    for octet in left:
        text += ESCAPED[next(left)] if octet == 0x1B else GSM[octet]
    return text


def _text(octets: bytes) -> tuple[str, bytes]:
    text, _zero, rest = octets.partition(b"\0")
    return text.decode("ascii"), rest


def _read(line: socket.socket) -> tuple[int, int, int, bytes]:
    length, command, status, sequence = struct.unpack(">4L", _exactly(line, 16))
    return command, status, sequence, _exactly(line, length - 16)


def _exactly(line: socket.socket, count: int) -> bytes:
    octets = b""
    while len(octets) < count:
        more = line.recv(count - len(octets))
        if not more:
            raise EOFError
        octets += more
    return octets


def _write(line: socket.socket, command: int, status: int, sequence: int, body: bytes = b"") -> None:
    line.sendall(struct.pack(">4L", 16 + len(body), command, status, sequence) + body)
