"""What every SMS gateway is and does, and what it can be told by."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol
from urllib.parse import SplitResult, unquote
from uuid import UUID

from mypolis.foundation.notices.gateways import Sms

type Delivered = Literal["delivered", "undeliverable"]


class Forged(Exception):
    """Whoever reports this is not the gateway, or cannot show it."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """What came to our address for a gateway's receipts. `url` is the one that we gave out; names are in lower case."""

    url: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What became of a message on the way to the phone. `reason` is the network's code for a failure."""

    message_id: UUID
    outcome: Delivered
    reason: str = ""


class SmsGateway(Protocol):
    """A partner that carries text messages.

    `name` is how addresses, events and figures call it. `takes_an_id_once`: a message posted again under the same id
    is not sent again.
    """

    name: str
    takes_an_id_once: bool

    def send(self, sms: Sms) -> str:
        """Hand it over; return the gateway's id for it, or "". Raises DeliveryFailed."""

    def receipt(self, report: Report) -> Receipt | None:
        """What a report says; None while it says nothing final. Raises Forged."""


@dataclass(frozen=True, kw_only=True)
class Address:
    """The parts of a gateway's address in the settings, and what it needs to hear from the gateway."""

    scheme: str
    user: str
    password: str
    host: str
    port: int | None
    hooks_url: str
    receipts_token: str

    @classmethod
    def of(cls, url: SplitResult, *, hooks_url: str, receipts_token: str | None) -> "Address":
        """Take a URL apart. Raises ValueError."""
        if not url.hostname:
            raise ValueError("has no host")
        try:
            port = url.port
        except ValueError:  # its words may hold a part of the password
            raise ValueError("has no good port; signs like / in a password are written as %2F") from None
        return cls(
            scheme=url.scheme,
            user=unquote(url.username or ""),
            password=unquote(url.password or ""),
            host=url.hostname,
            port=port,
            hooks_url=hooks_url,
            receipts_token=receipts_token or "",
        )

    @property
    def place(self) -> str:
        """Host and port, as a URL has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" if self.port else host
