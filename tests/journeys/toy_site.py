"""A journey with a step at another site, and that site: a real socket, strict about what it is given."""

import json
import re
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from typing import Any, Literal
from unittest.mock import patch
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
from django.test import Client

from mypolis.foundation.journeys.definitions import registry
from mypolis.foundation.journeys.definitions.answers import Facts, FieldError
from mypolis.foundation.journeys.definitions.errors import Refused
from mypolis.foundation.journeys.definitions.outcomes import Outcome
from mypolis.foundation.journeys.definitions.steps import Definition, Step, StepForm, Walk
from mypolis.foundation.journeys.redirects.redirect_steps import (
    DECLINED,
    Arrival,
    Departure,
    RedirectStep,
    SiteError,
    Ticket,
)
from mypolis.foundation.web.form_fields.fields import TextField
from tests.doors import ApiDoor

type Mood = Literal["close", "broken", "slow"]


class ToySite:
    """Confirms who somebody is. `asked` counts the calls for a result; `faults` are what it was given wrongly.

    `moods` are what it does to the next calls. A slow call lasts until `finish` is set.
    """

    def __init__(self) -> None:
        self.asked = 0
        self.faults: list[str] = []
        self.moods: deque[Mood] = deque()
        self.arrived, self.finish = threading.Event(), threading.Event()
        self.names = {"name": "Јелена"}
        self._codes: dict[str, str] = {}
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                site._answer(self)

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @contextmanager
    def serving(self) -> Iterator["ToySite"]:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield self
        finally:
            self.finish.set()
            self._server.shutdown()
            self._server.server_close()

    def visit(self, address: str, *, confirm: bool = True) -> str:
        """What the person does there: the address, with its query, to which the site sends them back."""
        parts = urlsplit(address)
        assert f"{parts.scheme}://{parts.netloc}" == self.origin
        given = dict(parse_qsl(parts.query))
        if not re.fullmatch(r"[A-Za-z0-9_-]{22,}", given.get("state", "")):
            self.faults.append("a state that can be guessed")
        if not given.get("return_address", "").endswith("/return/"):
            self.faults.append("an unknown return address")
        code = token_urlsafe()
        self._codes[code] = given.get("verifier_name", "")
        back = {"state": given["state"], **({"code": code} if confirm else {"error": "access_denied"})}
        return f"{urlsplit(given['return_address']).path}?{urlencode(back)}"

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        self.asked += 1
        given = json.loads(request.rfile.read(int(request.headers["Content-Length"])))
        if self._codes.pop(given["code"], None) != given["verifier"]:
            self.faults.append("a code that is not this visit's")
        mood = self.moods.popleft() if self.moods else None
        if mood == "close":
            request.connection.close()
            return
        if mood == "slow":
            self.arrived.set()
            self.finish.wait(30)
        body = json.dumps(self.names).encode()
        request.send_response(500 if mood == "broken" else 200)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)


class NameForm(StepForm):
    surname = TextField(label="Surname", max_length=40)


def toy(site: ToySite, *, ends_there: bool = False) -> Definition:
    """Surname, then the other site, then a last step unless it `ends_there`."""

    def leave(walk: Walk, ticket: Ticket) -> Departure:
        verifier = token_urlsafe()
        query = {"state": ticket.state, "return_address": ticket.return_address, "verifier_name": verifier}
        return Departure(f"{site.origin}/confirm?{urlencode(query)}", keeps={"verifier": verifier})

    def fetch(arrival: Arrival) -> Facts:
        if "code" not in arrival.query:
            raise SiteError("declined", DECLINED)
        given = {"code": arrival.query["code"], "verifier": arrival.keeps["verifier"]}
        try:
            answer = httpx.post(f"{site.origin}/result", json=given, timeout=30)
            answer.raise_for_status()
        except httpx.HTTPError:
            raise SiteError from None
        found: Facts = answer.json()
        return found

    def check(walk: Walk, found: Facts) -> Facts:
        if "name" not in found:
            raise Refused(FieldError("", "unconfirmed", "Please confirm your account there first."))
        return {"greeted": f"{found['name']} {walk.clean('identity', 'surname')}"}

    last = Step(name="thanks", form=StepForm, title="Thanks", button="End")
    steps = (
        Step(name="identity", form=NameForm, title="Who are you?", button="On"),
        RedirectStep(
            name="elsewhere",
            title="Confirm it elsewhere",
            button="Go there",
            sites=lambda: (site.origin,),
            leave=leave,
            fetch=fetch,
            check=check,
        ),
        *(() if ends_there else (last,)),
    )
    return Definition(market="rs", kind="toy", title="Toy", steps=steps, finish=finish)


def finish(walk: Walk) -> Outcome:
    return Outcome(result={"next": "signin"}, title=f"Hello {walk.fact('elsewhere', 'greeted')}")


@contextmanager
def offering(definition: Definition) -> Iterator[None]:
    """Serbia has this journey too."""
    everything = {**registry.definitions(), ("rs", definition.kind): (definition,)}
    with patch.object(registry, "definitions", lambda: everything):
        yield


def at_site(site: ToySite, address: str, **how: Any) -> dict[str, str]:
    """The query with which the site sends back, as an app takes it."""
    return dict(parse_qsl(urlsplit(site.visit(address, **how)).query))


class Browser:
    """Somebody on their way through the toy journey."""

    def __init__(self) -> None:
        self.client = Client(headers={"accept-language": "en"})

    def answer(self, step: str, **answers: str) -> Any:
        return self.client.post("/rs/toy/", {"step": step, **answers})

    def leave(self) -> str:
        """The address of the other site."""
        self.answer("identity", surname="Petrović")
        return self.leave_again()

    def leave_again(self) -> str:
        return str(self.answer("elsewhere")["Location"])

    def come_back(self, address: str) -> str:
        """The page that is shown then."""
        return str(self.client.get(address, follow=True).content.decode())

    def page(self) -> str:
        return str(self.client.get("/rs/toy/").content.decode())

    @property
    def is_still_there(self) -> bool:
        """Whether the step is open, to be tried again."""
        return 'value="elsewhere"' in self.page()

    @property
    def is_past_it(self) -> bool:
        return 'value="thanks"' in self.page()


class App:
    """The same by the API."""

    def __init__(self) -> None:
        self.door = ApiDoor(Client(headers={"accept-language": "en"}))
        self.door.start("rs", "toy")

    def leave(self) -> str:
        self.door.answer("identity", surname="Petrović")
        self.door.answer("elsewhere")
        return str(self.door.document["step"]["redirect_url"])

    def come_back(self, query: dict[str, str]) -> Any:
        return self.door.come_back(query)


def fetching(site: ToySite, result: Any) -> Any:
    """The toy journey, whose `fetch` returns or raises this."""

    def fetch(_arrival: Any) -> Any:
        if isinstance(result, BaseException):
            raise result
        return result

    return stepping(site, fetch=fetch)


def stepping(site: ToySite, **other: Any) -> Any:
    """The toy journey, whose step at the other site has these other parts."""
    definition = toy(site)
    identity, elsewhere, last = definition.steps
    assert isinstance(elsewhere, RedirectStep)
    return offering(replace(definition, steps=(identity, replace(elsewhere, **other), last)))
