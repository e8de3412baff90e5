"""Requests that match the OpenAPI document, and others, are answered as the document says, never with a server error.

`make fuzz` runs the same with MYPOLIS_FUZZ_EXAMPLES requests for each operation, and another seed each time.
"""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from mypolis.doors.api.main import api
from mypolis.doors.integrations.flows import issue_token
from mypolis.doors.integrations.rights import partner_rights
from mypolis.foundation.events import Actor
from mypolis.foundation.guards.models import Counter
from mypolis.insurance.claims.lifecycle.asking import NewQuestion, ask
from mypolis.insurance.claims.lifecycle.deciding import LineDecision, Verdict, decide
from mypolis.membership.accounts.sessions.devices import sign_in
from tests.api.talk import FIRST_PAGES, Talk
from tests.cast import BUDI, on_file
from tests.claims.world import draft, member, sent
from tests.doors import ApiDoor
from tests.effort import examples
from tests.files.conftest import folder
from tests.post import Post
from tests.registration.steps import card_form
from tests.web.safety.sessions import signed_in

__all__ = ["folder"]

EXAMPLES = int(os.environ.get("MYPOLIS_FUZZ_EXAMPLES", examples(25, quick=5)))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    ignored_auth,
]
PARTNER_CLAIM = "/partner/claims/{number}"
FOR_PARTNERS = (
    *("/partner", "/plan-books", "/cover/entries", "/partner/claims", f"{PARTNER_CLAIM}/decision"),
    *("/partner/clinic-bills", f"{PARTNER_CLAIM}/information-request", f"{PARTNER_CLAIM}/files/{{file}}"),
)
OF_CLAIMS = re.compile(r".*\{market\}/claims(/\{claim\}.*)?")
OPERATIONS = sorted(  # not read from the document, which takes seconds to make in every process that collects tests
    f"{method} /api/v1{path}"
    for _prefix, router in api._routers
    for path, view in router.path_operations.items()
    for operation in view.operations
    for method in operation.methods
)
wide = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="MYPOLIS_FUZZ_EXAMPLES" not in os.environ,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def known(request: pytest.FixtureRequest, client: Client, post: Post) -> dict[str, Any]:
    """Valid tokens, if the tested operation needs them.

    They are journeys of every kind by market and one that waits for a code, a member's session, and a partner's token.
    """
    label = request.node.callspec.params["label"] if hasattr(request.node, "callspec") else "{token}"
    known: dict[str, Any] = {"tokens": {}, "claims": {}}
    if OF_CLAIMS.fullmatch(label) or PARTNER_CLAIM in label:
        request.getfixturevalue("folder")
        known |= _claims(request.getfixturevalue("tmp_path"))
    if "{token}" in label:
        known["tokens"] = _open_journeys(client)
    if label.endswith("/me"):
        member = ApiDoor(client)
        signed_in(member, "ru")
        known["access"] = member.access
    if label.endswith(FOR_PARTNERS):
        year, by = timedelta(days=365), Actor("staff", "olga")
        _token, known["partner"] = issue_token(market="id", partner="core", may=partner_rights(), life=year, by=by)
    return known


def _claims(folder: Path) -> dict[str, Any]:
    """A member's token, and the keys of claims in several states: a draft, one that waits, one that is decided."""
    account = member(folder=folder)
    waiting, decided = sent(account), sent(account)
    core = Actor("partner", "1")
    ask(claim=waiting, questions=[NewQuestion(id="q1", text="Why?")], by=core)
    line = LineDecision(line=decided.lines.get().pk, granted=Decimal(100), currency="IDR", reasons=("share",))
    verdict = Verdict(id="d1", at=timezone.now(), outcome="partly_approved", lines=(line,))
    decide(claim=decided, verdict=verdict, by=core)
    keys = [str(claim.pk) for claim in (draft(account), waiting, decided)]
    token = sign_in(account=account, known=None, by=Actor("stranger", "", "203.0.113.9", "an app")).access_token
    return {"member": token, "claims": {"claim": keys, "number": [waiting.number, decided.number]}}


def _open_journeys(client: Client) -> dict[str, list[str]]:
    tokens: dict[str, list[str]] = {}
    for market, journey, way, _step in FIRST_PAGES:
        talk = Talk(client, market)
        talk.start(journey, way)
        tokens.setdefault(market, []).append(talk.token)
    on_file(BUDI.but(given_name="Agus", participant_number="000777"))
    waiting = Talk(client, "id")
    waiting.start("register", "group")
    waiting.answer("identity", **card_form(participant_number="000777"))
    waiting.answer("licence", accept_licence=True)
    tokens["id"].append(waiting.token)
    return tokens


@pytest.fixture
def one_connection(known: dict[str, Any]) -> Iterator[None]:
    """Keeps the database connection open at the end of a request, because the test's transaction uses it."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.fixture
def described(one_connection: None) -> Any:
    """The published OpenAPI document, bound to the application."""
    return _described()


@cache
def _described() -> Any:
    """Load the document once per process, because it takes a second."""
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler(), headers={"Host": "testserver"})


def test_every_operation_of_the_document_is_asked(described: Any) -> None:
    paths = described.raw_schema["paths"]
    assert sorted(f"{method.upper()} {path}" for path, methods in paths.items() for method in methods) == OPERATIONS


@pytest.mark.parametrize("label", OPERATIONS)
def test_an_operation_answers_as_it_is_described(label: str, described: Any, known: dict[str, Any]) -> None:
    method, _space, path = label.partition(" ")
    operation = described[path][method]
    modes = st.sampled_from([GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
    cases = modes.flatmap(lambda mode: operation.as_strategy(generation_mode=mode))
    statuses: list[int] = []

    @wide
    @given(case=cases, data=st.data())
    def answered(case: Any, data: st.DataObject) -> None:
        Counter.objects.all().delete()
        aimed = _aim(case, known, data)
        credentials = _credentials(path, known, data)
        checks = [check for check in CHECKS if check != negative_data_rejection] if aimed or credentials else CHECKS
        response = case.call_and_validate(  # raises if the response does not match the document
            headers={"Host": "testserver", **credentials}, checks=checks
        )
        statuses.append(response.status_code)

    answered()
    declared = {int(status) for status in operation.definition.raw["responses"]}
    assert statuses, "nothing was asked"
    assert set(statuses) <= declared
    assert max(statuses) < 500


def _aim(case: Any, known: dict[str, Any], data: st.DataObject) -> bool:
    """Replace half of the invented tokens by a journey's valid token, whatever the journey's step.

    Return whether something was replaced: what was invented to be wrong may be right then.
    """
    market = (case.path_parameters or {}).get("market")
    aimed = False
    if case.path.endswith(FOR_PARTNERS) and data.draw(st.booleans()):
        case.path_parameters["market"] = "id"
        aimed = True
    for name, keys in known["claims"].items():
        if name in (case.path_parameters or {}) and data.draw(st.booleans()):
            case.path_parameters |= {"market": "id", name: data.draw(st.sampled_from(keys))}
            aimed = True
    if "token" in (case.path_parameters or {}) and market in known["tokens"] and data.draw(st.booleans()):
        case.path_parameters["token"] = data.draw(st.sampled_from(known["tokens"][market]))
        aimed = True
    return aimed


def _credentials(path: str, known: dict[str, Any], data: st.DataObject) -> dict[str, str]:
    who = "access" if path.endswith("/me") else "partner" if path.endswith(FOR_PARTNERS) else ""
    who = "member" if OF_CLAIMS.fullmatch(path) else who
    if who and data.draw(st.booleans()):
        return {"Authorization": f"Bearer {known[who]}"}
    return {}


def test_whoever_follows_the_links_of_the_document_is_answered_as_it_says(described: Any) -> None:
    journeys = described.include(
        path_regex="/journeys"
    )  # the other operations have no links, and would use up all requests

    class Following(journeys.as_state_machine()):  # type: ignore[misc]
        """Starts journeys, and continues with their tokens."""

        followed = 0

        def before_call(self, case: Any) -> None:
            Counter.objects.all().delete()

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": {"Host": "testserver"}}

        def validate_response(self, response: Any, case: Any, additional_checks: Any = (), **_more: Any) -> None:
            Following.followed += "{token}" in case.path and response.status_code != 404
            case.validate_response(response, checks=CHECKS)

    for tries in range(1, 10):  # what is tried depends on the order of sets, and a few dozen tries can all be refused
        Following.run(settings=settings(wide, stateful_step_count=8, max_examples=EXAMPLES * tries))
        if Following.followed:
            break
    assert Following.followed, "no journey was gone on with"
