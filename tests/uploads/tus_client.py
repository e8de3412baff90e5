"""Speaks tus through one of the doors, request by request."""

import base64
from typing import Any

from tests.family.home import Asker

VERSION = {"Tus-Resumable": "1.0.0"}
PIECES = "application/offset+octet-stream"


def metadata(**pairs: str) -> str:
    """The header of these pairs."""
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())


class Tus:
    """A careful client: it sends what the protocol wants, except for what a test changes."""

    def __init__(self, asker: Asker, by: str) -> None:
        self.asker, self.by = asker, by
        self.client = asker.page_client if by == "page" else asker.client
        self.root = f"/{asker.market}/uploads/" if by == "page" else f"/api/v1/{asker.market}/uploads"

    def create(self, length: int | str | None, *, headers: dict[str, str] | None = None, **named: str) -> Any:
        told = {"filename": "чек.jpg", "shelf": str(self.asker.account.pk), "document": "photo", **named}
        sent = {**VERSION, "Upload-Metadata": metadata(**told), **(headers or {})}
        if length is not None:
            sent["Upload-Length"] = str(length)
        return self.client.post(self.root, headers=sent)

    def created(self, length: int, **named: str) -> str:
        answer = self.create(length, **named)
        assert answer.status_code == 201, answer.content
        return str(answer["Location"])

    def append(self, url: str, offset: int | str, content: bytes, *, kind: str = PIECES, **headers: str) -> Any:
        sent = {
            **VERSION,
            "Content-Type": kind,
            "Upload-Offset": str(offset),
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        return self.client.patch(url, content, content_type=kind, headers=sent)

    def head(self, url: str) -> Any:
        return self.client.head(url, headers=VERSION)

    def delete(self, url: str) -> Any:
        return self.client.delete(url, headers=VERSION)
