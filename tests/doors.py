"""The two doors: the same test walks through the pages and through the API."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

type Errors = set[tuple[str, str]]


@dataclass
class Reply:
    """A response: its status, (field, code) of every error, the step that is open now, and the result at the end."""

    status: int
    errors: Errors = field(default_factory=set)
    step: str | None = None
    result: dict[str, Any] | None = None
    text: str = ""

    @property
    def codes(self) -> set[str]:
        """Only the codes of the errors."""
        return {code for _field, code in self.errors}


class ApiDoor:
    """The JSON API. Keeps the device token like an app."""

    name = "api"

    def __init__(self, client: Client) -> None:
        self.client = client
        self.market = self.token = self.device = self.access = ""
        self.document: dict[str, Any] = {}
        self.shows_token = False

    def start(self, market: str, journey: str, way: str = "", *, invitation: str = "") -> Reply:
        self.market, self.token = market, ""
        self.shows_token = journey.startswith(("change-", "link-", "unlink-", "bank-account"))
        body = {"journey": journey, "way": way}
        if invitation:
            body["invitation"] = invitation
        if self.device:
            body["device"] = self.device
        reply = self._post(f"/api/v1/{market}/journeys", body)
        self.token = self.document.get("token", "")
        return reply

    def answer(self, step: str, **answers: Any) -> Reply:
        return self._post(self._address, {"step": step, "answers": answers})

    def back(self, to: str) -> Reply:
        return self._post(f"{self._address}/back", {"to": to})

    def resend(self) -> Reply:
        return self._post(f"{self._address}/resend", {})

    def come_back(self, query: dict[str, str]) -> Reply:
        """Come back from another site with its query string."""
        return self._post(f"{self._address}/return", {"query": query})

    def look(self) -> Reply:
        return self._read(self.client.get(self._address, headers=self._headers))

    def value(self, name: str) -> Any:
        """Return the earlier answer that the open step shows."""
        return next(field["value"] for field in self.document["step"]["fields"] if field["name"] == name)

    def shown(self) -> str:
        return str(
            (self.document.get("shows") or (self.document.get("step") or {}).get("shows") or {}).get("username", "")
        )

    def is_signed_in(self) -> bool:
        answer = self.client.get(f"/api/v1/{self.market}/me", headers={"Authorization": f"Bearer {self.access}"})
        return answer.status_code == 200

    def sign_out(self) -> None:
        self.client.post(f"/api/v1/{self.market}/signout", headers={"Authorization": f"Bearer {self.access}"})

    @property
    def _address(self) -> str:
        return f"/api/v1/{self.market}/journeys/{self.token}"

    def _post(self, address: str, body: dict[str, Any]) -> Reply:
        kind = "application/json"
        return self._read(self.client.post(address, json.dumps(body), content_type=kind, headers=self._headers))

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.access}"} if self.shows_token else {}

    def _read(self, response: Any) -> Reply:
        body = response.json() if response.content else {}
        document = body.get("journey") if response.status_code >= 400 else body
        if isinstance(document, dict):
            self.document = document
        result = self.document.get("result") or {}
        self.access = result.get("access_token", self.access)
        self.device = result.get("device_token", self.device)
        step = (self.document.get("step") or {}).get("name") if isinstance(document, dict) else None
        errors = {(error["field"], error["code"]) for error in body.get("errors", [])}
        text = json.dumps(body, ensure_ascii=False)
        return Reply(response.status_code, errors, step, self.document.get("result"), text)


class PageDoor:
    """The pages, used like a browser without scripts."""

    name = "page"

    def __init__(self, client: Client) -> None:
        self.client = client
        self.market = self.address = ""
        self.context: Any = {}

    def start(self, market: str, journey: str, way: str = "", *, invitation: str = "") -> Reply:
        self.market = market
        self.address = f"/{market}/i/{invitation}" if invitation else f"/{market}/{journey}/{way + '/' if way else ''}"
        reply = self._read(self.client.get(self.address))
        if self.context and "next_url" in self.context:
            reply = self._read(self.client.post(self.address, {"again": "1"}, follow=True))
        return reply

    def answer(self, step: str, **answers: Any) -> Reply:
        return self._post({"step": step, **boxes(answers)})

    def back(self, to: str) -> Reply:
        return self._post({"back": to})

    def resend(self) -> Reply:
        return self._post({"resend": "1"})

    def look(self) -> Reply:
        return self._read(self.client.get(self.address))

    def value(self, name: str) -> Any:
        return self.context["form"][name].value()

    def shown(self) -> str:
        return str((self.context.get("shows") or {}).get("username", ""))

    def is_signed_in(self) -> bool:
        return self.client.get(f"/{self.market}/home/").status_code == 200

    def sign_out(self) -> None:
        self.client.post(f"/{self.market}/signout/")

    def _post(self, data: dict[str, Any]) -> Reply:
        reply = self._read(self.client.post(self.address, data, follow=True))
        if self.address.startswith(f"/{self.market}/i/"):
            self.address = f"/{self.market}/register/"
        return reply

    def _read(self, response: Any) -> Reply:
        self.context = response.context or {}
        errors: Errors = set()
        step = result = None
        if "form" in self.context and "step" in self.context:
            step = self.context["step"].name
            for name, found in self.context["form"].errors.as_data().items():
                errors |= {("" if name == "__all__" else name, error.code or "") for error in found}
        elif "result" in self.context:
            result = self.context["result"]
        elif response.request["PATH_INFO"] == f"/{self.market}/home/":
            result = {"account": {}}
        return Reply(response.status_code, errors, step, result, response.content.decode())


def boxes(answers: dict[str, Any]) -> dict[str, Any]:
    """Convert answers to a page's form data: dates in three boxes, checkboxes only if ticked."""
    data: dict[str, Any] = {}
    for name, value in answers.items():
        if name == "birth_date" and value:
            year, month, day = value.split("-")
            data |= {"birth_date_day": day, "birth_date_month": month, "birth_date_year": year}
        elif isinstance(value, bool):
            data |= {name: "on"} if value else {}
        elif value is not None:
            data[name] = value
    return data


type Door = ApiDoor | PageDoor
