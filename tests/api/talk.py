"""A client for tests of the API: raw request bodies and unchanged documents."""

import json
from typing import Any

from django.test import Client

MARKETS = ("rs", "id", "ru")
FIRST_PAGES = [
    ("rs", "register", "client", "identity"),
    ("rs", "signin", "", "credentials"),
    ("rs", "recover", "", "identity"),
    ("id", "register", "", "policy-type"),
    ("id", "register", "group", "identity"),
    ("id", "register", "individual", "identity"),
    ("id", "register", "sharia", "identity"),
    ("id", "signin", "", "credentials"),
    ("id", "recover", "", "identity"),
    ("id", "recover-username", "", "policy-type"),
    ("ru", "register", "open", "identity"),
    ("ru", "signin", "", "credentials"),
    ("ru", "recover", "", "identity"),
]


class Talk:
    """A client of one market's API. Remembers the journey that was started last."""

    def __init__(self, client: Client, market: str) -> None:
        self.client = client
        self.client.raise_request_exception = False
        self.market = market
        self.token = ""

    @property
    def journeys(self) -> str:
        """The URL for starting journeys."""
        return f"/api/v1/{self.market}/journeys"

    @property
    def journey(self) -> str:
        """The URL of the journey."""
        return f"{self.journeys}/{self.token}"

    def send(self, address: str, body: Any, **headers: str) -> Any:
        """POST a body: bytes unchanged, anything else as JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body)
        return self.client.post(address, content, content_type="application/json", headers=headers)

    def start(self, journey: str, way: str = "", **more: Any) -> Any:
        """Start a journey, and check that it works."""
        response = self.send(self.journeys, {"journey": journey, "way": way, **more})
        assert response.status_code == 201, response.content
        self.token = response.json()["token"]
        return response.json()

    def answer(self, step: str, **answers: Any) -> Any:
        """Answer a step of the journey."""
        return self.send(self.journey, {"step": step, "answers": answers})

    def document(self) -> Any:
        """Fetch the journey's document."""
        return self.client.get(self.journey).json()


def assert_problem(response: Any, status: int) -> Any:
    """Check that the response is a problem document with this status, and return the document."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert set(body) >= {"type", "title", "status", "detail", "errors"}
    assert all(set(error) == {"field", "code", "message"} for error in body["errors"])
    return body


def told(body: Any) -> set[tuple[str, str]]:
    """Return (field, code) of every error of a problem document."""
    return {(error["field"], error["code"]) for error in body["errors"]}
