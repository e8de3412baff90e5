"""The interface of every SMS gateway, and the data that it exchanges."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol
from urllib.parse import SplitResult, unquote
from uuid import UUID

from mypolis.foundation.notices.gateways import Sms

type Delivered = Literal["delivered", "undeliverable"]


class Forged(Exception):
    """The report does not come from the gateway, or the sender cannot prove that it does."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """A request to our URL for a gateway's receipts. `url` is the published one; header names are in lower case."""

    url: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """The result of delivering a message to the phone. `reason` is the network's code for a failure."""

    message_id: UUID
    outcome: Delivered
    reason: str = ""


class SmsGateway(Protocol):
    """A partner that carries text messages.

    `name` identifies it in URLs, events and metrics. `takes_an_id_once`: the gateway deduplicates by id, so a message
    posted again under the same id is not sent again.
    """

    name: str
    takes_an_id_once: bool

    def send(self, sms: Sms) -> str:
        """Send it to the gateway; return the gateway's id for it, or "". Raises DeliveryFailed."""

    def receipt(self, report: Report) -> Receipt | None:
        """The receipt in a report; None when the report is not final. Raises Forged."""


@dataclass(frozen=True, kw_only=True)
class Address:
    """The parts of a gateway's address in the settings, and what it needs for receiving reports."""

    scheme: str
    user: str
    password: str
    host: str
    port: int | None
    hooks_url: str
    receipts_token: str

    @classmethod
    def of(cls, url: SplitResult, *, hooks_url: str, receipts_token: str | None) -> "Address":
        """Parse a URL. Raises ValueError."""
        if not url.hostname:
            raise ValueError("has no host")
        try:
            port = url.port
        except ValueError:  # its text may contain a part of the password
            raise ValueError("has no valid port; write characters like / in a password as %2F") from None
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
        """Host and port, in URL syntax."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" if self.port else host
