"""Reads codes, passwords and links from the demo's inbox."""

import re
from collections.abc import Callable
from typing import Any

import httpx

from tests.waiting import until


class Inbox:
    """Every message that the demo sent. Each code or password is returned once."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url)
        self._read: set[int] = set()
        self._codes: set[tuple[str, str]] = set()

    def to(self, address: str) -> list[dict[str, Any]]:
        """Messages to an address, newest first."""
        found: list[dict[str, Any]] = self._client.get("/inbox/messages.json", params={"to": address}).json()
        return found

    def code(self, address: str) -> str:
        """The newest unread code; waits for it. A busy machine may send a message twice: a code is returned once."""

        def is_new(message: dict[str, Any]) -> bool:
            return bool(message["code"]) and (address, str(message["code"])) not in self._codes

        found = str(self._newest(address, is_new)["code"])
        self._codes.add((address, found))
        return found

    def temporary_password(self, address: str) -> str:
        """The password, which is a paragraph of its own in the message."""
        lonely = r"\n\n(?:> |  +)?([\w-]{8,})\n\n"
        letter = self._newest(address, lambda message: re.search(lonely, message["text"]) is not None)
        found = re.search(lonely, letter["text"])
        assert found
        return found[1]

    def invitation(self, address: str) -> str:
        """The newest personal link sent to an address."""
        letter = self._newest(address, lambda message: any("/i/" in link for link in message["links"]))
        return next(str(link) for link in letter["links"] if "/i/" in link)

    def consent(self, address: str) -> str:
        """The newest link with which somebody consents to claims made for them."""
        letter = self._newest(address, lambda message: any("/claim-consent/" in link for link in message["links"]))
        return next(str(link) for link in letter["links"] if "/claim-consent/" in link)

    def claim(self, address: str, number: str) -> str:
        """The link of the newest message about a claim."""
        letter = self._newest(address, lambda message: number in message["text"] and bool(message["links"]))
        return next(str(link) for link in letter["links"] if "/claims/" in link)

    def _newest(self, address: str, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        found: list[dict[str, Any]] = []

        def has_come() -> bool:
            new = (message for message in self.to(address) if message["id"] not in self._read)
            found.extend(message for message in new if fits(message))
            return bool(found)

        until(has_come, otherwise=lambda: f"nothing new came to {address}")
        self._read.add(found[0]["id"])
        return found[0]
