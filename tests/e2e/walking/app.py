"""A member's phone app, as a client of the JSON API."""

import base64
import json
from typing import Any

import httpx
from altcha import v1 as altcha

from tests.e2e.walking.inbox import Inbox
from tests.e2e.walking.journeys import Answers, Turn


class App:
    """Somebody with the app, which stores the tokens that it gets."""

    def __init__(self, url: str, inbox: Inbox) -> None:
        self._client = httpx.Client(base_url=f"{url}/api/v1", timeout=30)
        self._inbox = inbox
        self._access = self._device = self.username = ""

    def walk(self, market: str, journey: str, turns: list[Turn], *, way: str = "", link: str = "") -> None:
        """Answer every step to the end of the journey."""
        body = {"journey": journey, "way": way}
        if link:
            body["invitation"] = link.rpartition("/")[2]
        if self._device:
            body["device"] = self._device
        document = self._post(f"/{market}/journeys", body, status=201)
        address = f"/{market}/journeys/{document['token']}"
        for turn in turns:
            assert document["step"]["name"] == turn.step
            reply = {"step": turn.step, "answers": self._answers(market, turn)}
            document = self._post(address, reply, status=200)
        assert (document["state"], document["step"]) == ("done", None)
        self._keep(document)

    @property
    def session(self) -> str:
        """The token that opens the account; a browser keeps the same in its cookie."""
        return self._access

    def get(self, market: str, path: str) -> Any:
        """The JSON at this path, requested as the member."""
        answer = self._client.get(f"/{market}/{path}", headers=self._bearer)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def is_signed_in(self, market: str) -> bool:
        """Whether the token opens the account."""
        answer = self._client.get(f"/{market}/me", headers=self._bearer)
        assert answer.status_code in (200, 401)
        return answer.status_code == 200

    def sign_out(self, market: str) -> None:
        """End the session; the device stays known."""
        assert self._client.post(f"/{market}/signout", headers=self._bearer).is_success

    @property
    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._access}"} if self._access else {}

    def _answers(self, market: str, turn: Turn) -> Answers:
        answers = dict(turn.answers)
        if turn.code_to:
            answers["code"] = self._inbox.code(turn.code_to)
        if turn.captcha:
            answers["captcha"] = _proof(self._client.get(f"/{market}/captcha").json())
        return answers

    def _post(self, path: str, body: dict[str, Any], *, status: int) -> dict[str, Any]:
        answer = self._client.post(path, json=body)
        assert answer.status_code == status, answer.text
        document: dict[str, Any] = answer.json()
        return document

    def _keep(self, document: dict[str, Any]) -> None:
        result = document["result"]
        self._access = result.get("access_token", self._access)
        self._device = result.get("device_token", self._device)
        self.username = (document.get("shows") or {}).get("username", self.username)


def _proof(task: dict[str, Any]) -> str:
    found = altcha.solve_challenge(task["challenge"], task["salt"], task["algorithm"], task["maxnumber"], 0)
    assert found is not None
    kept = {key: task[key] for key in ("algorithm", "challenge", "salt", "signature")}
    return base64.b64encode(json.dumps({**kept, "number": found.number}).encode()).decode()
