"""Clients that, like people and their programs, try again after failures: those of both doors register."""

import random
import re
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from html import unescape
from typing import Any

import httpx

from tests.doors import boxes
from tests.faults.partners import wait_for
from tests.faults.people import Insured, proof_of
from tests.faults.world import HOST, World

PATIENCE_SECONDS = 300
THINKING_SECONDS = 0.7  # for each page
CODE_SECONDS = 32  # afterwards a new code can be requested
_HEADERS = {"Host": HOST, "X-Forwarded-Proto": "https", "Origin": f"https://{HOST}"}
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


class Untrue(AssertionError):
    """The portal gave an answer that is never allowed, whatever fails."""


class Asker:
    """Sends requests until they are answered. `interrupted` counts the attempts that were not."""

    def __init__(self, world: World, name: str, **headers: str) -> None:
        self.world, self.name = world, name
        self.interrupted = 0
        self._http = httpx.Client(base_url=world.url, timeout=40, headers={**_HEADERS, **headers})
        self.patience = PATIENCE_SECONDS
        self._deadline = 0.0

    def _ask(self, method: str, address: str, **how: Any) -> httpx.Response:
        """Repeat the request until the answer is not "try later". An earlier attempt may have been carried out."""
        while True:
            self._require_time()
            try:
                answer = self._http.request(method, address, **how)
            except httpx.TransportError:
                self.interrupted += 1
                time.sleep(0.2)
                continue
            if answer.status_code < 500:
                return answer
            self.interrupted += 1
            judge(answer)
            time.sleep(min(1.0, float(answer.headers["Retry-After"])))

    def _require_time(self) -> None:
        if time.monotonic() > self._deadline:
            raise TimeoutError(self.name)


class Client(Asker, ABC):
    """One person's registration. `acknowledged` is what the portal confirmed to them, in order."""

    def __init__(self, world: World, one: Insured) -> None:
        super().__init__(world, f"{one.way} {one.number}")
        self.one = one
        self.acknowledged: list[str] = []
        self._codes_before: list[str] = []

    def register(self) -> None:
        """Continue until the account is confirmed. Raises Untrue, or TimeoutError if it takes too long."""
        self._deadline = time.monotonic() + self.patience
        self._walk()

    @abstractmethod
    def _walk(self) -> None: ...

    def _require_time(self) -> None:
        if time.monotonic() > self._deadline:
            raise TimeoutError(f"{self.name}: {self.acknowledged}")

    def _code(self, step: str, resend: Callable[[], object]) -> str:
        """Return the newest code that was not entered before. Requests another one if none arrives."""
        address = self.one.reached_at(step)
        while True:
            if wait_for(CODE_SECONDS, lambda: self._new_codes(address)):
                return self._new_codes(address)[-1]
            self._require_time()
            resend()

    def _new_codes(self, address: str) -> list[str]:
        return self.world.partners.codes_to(address)[len(self._codes_before) :]

    def _captcha(self) -> str:
        return proof_of(self._ask("GET", f"/api/v1/{self.one.market}/captcha").json())

    def _think(self) -> None:
        time.sleep(random.uniform(0, 2 * THINKING_SECONDS))

    def _answers(self, step: str, resend: Callable[[], object]) -> dict[str, Any]:
        self._think()
        answers = self.one.answers(step)
        if step == "code":
            answers["code"] = self._code(step, resend)
        if step == "identity" and self.one.market == "rs":
            answers["captcha"] = self._captcha()
        return answers

    def _invitation(self) -> str:
        if self.one.way != "invitation":
            return ""
        assert wait_for(90, lambda: self.world.partners.invitation_to(self.one.email)), "no invitation came"
        return self.world.partners.invitation_to(self.one.email)

    def _used(self, answers: dict[str, Any]) -> None:
        if "code" in answers:
            self._codes_before = self.world.partners.codes_to(self.one.reached_at("code"))


class App(Client):
    """The JSON API."""

    def _walk(self) -> None:
        invitation = self._invitation()
        document = self._start(invitation)
        while document["state"] == "open":
            document = self._answer(document) or self._start(invitation)
        if document["state"] != "done":
            raise Untrue(f"it ended as {document['state']}")
        self.acknowledged.append("done")

    @property
    def _journeys(self) -> str:
        return f"/api/v1/{self.one.market}/journeys"

    def _start(self, invitation: str) -> dict[str, Any]:
        body = {"journey": "register", "way": self.one.way} | ({"invitation": invitation} if invitation else {})
        answer = self._ask("POST", self._journeys, json=body)
        if answer.status_code == 410 and invitation:
            # The account exists; only the response that said so was lost.
            return {"state": "done"}
        expect(answer, 201)
        self.acknowledged.append("started")
        return _document(answer)

    def _answer(self, document: dict[str, Any]) -> dict[str, Any] | None:
        """Answer one more step and return the journey; None if it no longer exists."""
        address, step = f"{self._journeys}/{document['token']}", document["step"]["name"]
        answers = self._answers(step, lambda: self._ask("POST", f"{address}/resend", json={}))
        answer = self._ask("POST", address, json={"step": step, "answers": answers})
        if answer.status_code == 429:
            time.sleep(min(5.0, float(answer.headers["Retry-After"])))
            return document
        if answer.status_code in (404, 410):
            return None
        self._used(answers)
        if answer.status_code == 422 and step != "code":
            raise Untrue(f"{self.one} refused: {answer.json()['errors']}")
        if answer.status_code == 422:
            self._ask("POST", f"{address}/resend", json={})
        elif answer.status_code == 200:
            self.acknowledged.append(step)
        return _document(answer)


class Browser(Client):
    """The pages, with cookies and every form's hidden fields. It repeats requests like a reload."""

    def _walk(self) -> None:
        invitation = self._invitation()
        self._cookies: dict[str, str] = {}
        self._address = f"/ru/i/{invitation}" if invitation else f"/{self.one.market}/register/{self.one.way}/"
        page = self._get()
        while (step := _hidden(page).get("step")) is not None:
            if step in self.acknowledged and step == "identity":
                break  # the last response was lost: the page is a new first page, and the account exists
            page = self._send(page, step)
        if page.status_code not in (200, 410):
            raise Untrue(f"{page.status_code} at the end")
        self.acknowledged.append("done")

    def _get(self) -> httpx.Response:
        return self._with_cookies("GET", self._address)

    def _send(self, page: httpx.Response, step: str) -> httpx.Response:
        hidden = _hidden(page)
        answers = self._answers(step, lambda: self._post({**hidden, "resend": "1"}))
        answer = self._post({**hidden, **boxes(answers)})
        if answer.status_code == 429:
            time.sleep(min(5.0, float(answer.headers["Retry-After"])))
            return answer
        self._used(answers)
        if answer.status_code == 422 and step != "code":
            raise Untrue(f"{self.one} refused: {re.findall('error[^<]*<[^>]*>([^<]+)', answer.text)}")
        if answer.status_code == 422:
            return self._post({**_hidden(answer), "resend": "1"})
        if answer.status_code in (200, 410):
            self.acknowledged.append(step)
        return answer

    def _post(self, data: dict[str, str]) -> httpx.Response:
        answer = self._with_cookies("POST", self._address, data=data)
        if answer.status_code in (302, 303):
            self._address = answer.headers["Location"]
            return self._get()
        return answer

    def _with_cookies(self, method: str, address: str, **how: Any) -> httpx.Response:
        how["headers"] = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        answer = self._ask(method, address, **how)
        for cookie in answer.headers.get_list("set-cookie"):
            name, _equals, rest = cookie.partition("=")
            value = rest.partition(";")[0].strip('"')
            if value:
                self._cookies[name] = value
            else:
                self._cookies.pop(name, None)
        self._http.cookies.clear()
        return answer


def judge(answer: httpx.Response) -> None:
    """Check that a temporary failure is a 503 with `Retry-After`, in the format of the door."""
    if answer.status_code != 503 or not answer.headers.get("Retry-After", "").isdigit():
        raise Untrue(f"{answer.status_code} {dict(answer.headers)}: {answer.text[:300]}")
    has_document = answer.url.path.startswith("/api/") and answer.request.method != "HEAD"
    if has_document and "unavailable" not in answer.json()["type"]:
        raise Untrue(answer.text)


def expect(answer: httpx.Response, status: int) -> None:
    if answer.status_code != status:
        raise Untrue(f"{answer.status_code} instead of {status}: {answer.text[:300]}")


def _document(answer: httpx.Response) -> dict[str, Any]:
    body: dict[str, Any] = answer.json()
    return body.get("journey", body) if answer.status_code >= 400 else body


def _hidden(page: httpx.Response) -> dict[str, str]:
    form = page.text.partition('id="step"')[2]
    return {name: unescape(value) for name, value in _HIDDEN.findall(form.partition("</form>")[0])}
