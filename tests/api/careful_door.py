"""An API door that at every step checks the document and first sends answers with wrong types."""

from typing import Any

from django.test import Client

from mypolis.foundation.journeys.models import Journey
from tests.api.talk import assert_problem, told
from tests.doors import ApiDoor, Reply

DOCUMENT = {"token", "journey", "way", "market", "state", "expires_at", "step", "path", "result"}
STEP = {"name", "title", "help", "button", "fields"}
CODE_STEP = {"channel", "resend_after", "attempts_left", "expires_at", "undeliverable"}
FIELD = {"name", "type", "label", "required", "pattern", "autocomplete", "max_length", "choices", "value"}
NOT_TEXT: tuple[Any, ...] = (0, 1.5, True, [], ["x"], {}, {"x": "y"}, [[[]]], 10**30)
NOT_A_TICK: tuple[Any, ...] = (0, 1, "on", "true", "", [], [True], {}, 1.0)


class CarefulDoor(ApiDoor):
    """Keeps (journey, step) of every step that it answered."""

    name = "careful"

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self.seen: set[tuple[str, str]] = set()

    def answer(self, step: str, **answers: Any) -> Reply:
        """Check that wrong types and unknown fields are refused by name and change nothing. Then send the answer."""
        self._look_closely()
        if (self.document["journey"], step) not in self.seen:
            self.seen.add((self.document["journey"], step))
            self._rattle(step)
        reply = super().answer(step, **answers)
        self._look_closely()
        return reply

    def _rattle(self, step: str) -> None:
        before = self.client.get(self._address, headers=self._headers).json()
        fields = before["step"]["fields"]
        for field in fields:
            for wrong in NOT_A_TICK if field["type"] == "boolean" else NOT_TEXT:
                assert self._refused(step, {field["name"]: wrong}) == {(field["name"], "wrong_type")}
            if field["type"] != "boolean":
                assert self._refused(step, {field["name"]: "a\ud800b"}) == {(field["name"], "unsafe")}
        required = {(field["name"], "required") for field in fields if field["required"]}
        if required:
            assert self._refused(step, {}) >= required
            assert self._refused(step, {field["name"]: None for field in fields}) >= required
        assert self._refused(step, {"is_admin": True, "name": "x"}) == {
            ("is_admin", "unknown_field"),
            ("name", "unknown_field"),
        }
        Journey.objects.update(taken=0)  # avoid the limit on answers: this door sends many
        after = self.client.get(self._address, headers=self._headers).json()
        assert {**after["step"], "resend_after": 0} == {**before["step"], "resend_after": 0}
        assert after["path"] == before["path"]

    def _refused(self, step: str, answers: dict[str, Any]) -> set[tuple[str, str]]:
        sent = {"step": step, "answers": answers}
        kind = "application/json"
        response = self.client.post(self._address, sent, content_type=kind, headers=self._headers)
        body = assert_problem(response, 422)
        assert body["journey"]["step"]["name"] == step
        return told(body)

    def _look_closely(self) -> None:
        document = self.document
        assert set(document) >= DOCUMENT
        assert document["expires_at"].endswith("Z")
        if document["state"] == "done":
            assert document["step"] is None
            assert document["result"]
            return
        step = document["step"]
        assert (document["state"], document["result"]) == ("open", None)
        assert document["path"][-1] == step["name"]
        assert set(step) >= (STEP | CODE_STEP if step["name"].endswith("code") else STEP)
        assert step["title"]
        for field in step["fields"]:
            assert set(field) >= FIELD
            assert field["label"]
            if field["type"] in ("password", "captcha") or field["name"] == "code":
                assert field["value"] is None
