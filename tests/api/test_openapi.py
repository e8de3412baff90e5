"""The OpenAPI document: complete and valid."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver
from ninja import Schema

from mypolis.insurance.claims.as_json.examples import DECIDED, DRAFT, EXPLANATION
from mypolis.insurance.claims.as_json.schemas import ClaimDoc, ExplanationDoc

FAMILY = (
    *("family", "family/seers", "family/privacy", "mandates", "mandates/{mandate}/accept"),
    *("mandates/{mandate}/decline", "mandates/{mandate}/end", "mandates/{mandate}/widen", "family/claimable"),
    *("claim-consents", "claim-consents/{consent}/end"),
)
CLAIMS = (
    *("claims", "claims/{claim}", "claims/{claim}/submit", "claims/{claim}/withdraw", "claims/{claim}/appeal"),
    *("claims/{claim}/answers", "claims/{claim}/account", "claims/{claim}/send-again", "claims/{claim}/eob"),
    *("claims/{claim}/files/{file}", "claims/{claim}/clinic-bill"),
)
PARTNER_CLAIMS = (
    *("partner/claims", "partner/claims/{number}/decision", "partner/claims/{number}/information-request"),
    *("partner/claims/{number}/files/{file}", "partner/claims/{number}/duplicate", "partner/clinic-bills"),
)
CARDS = (
    *(
        "cards",
        "cards/{card}",
        "cards/{card}/qr",
        "cards/{card}/activate",
        "cards/{card}/reissue",
        "cards/{card}/looks",
    ),
    *("cards/{card}/pdf", "letters", "letters/{letter}/pdf"),
)
FILES = {  # they describe their types
    "/api/v1/{market}/cards/{card}/pdf": {"application/pdf"},
    "/api/v1/{market}/letters/{letter}/pdf": {"application/pdf"},
    "/api/v1/{market}/claims/{claim}/files/{file}": {"application/pdf", "image/jpeg", "image/png"},
    "/api/v1/{market}/guarantees/{number}/letter": {"application/pdf"},
    "/api/v1/{market}/claims/{claim}/eob": {"application/pdf", "application/json"},
    "/api/v1/{market}/partner/claims/{number}/files/{file}": {"application/pdf", "image/jpeg", "image/png"},
    "/api/v1/{market}/policies/{policy}/documents/{document}": {"application/pdf", "image/jpeg", "image/png"},
}
UPLOADS = "/api/v1/{market}/uploads"
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
def described(client: Client, db: None) -> Any:
    response = client.get("/api/v1/openapi.json")
    assert response.status_code == 200
    return response.json()


def test_it_is_of_version_3_1(described: Any) -> None:
    assert re.fullmatch(r"3\.1\.\d+", described["openapi"])
    assert described["info"]["title"]
    assert described["info"]["version"]


def test_every_address_is_described(described: Any) -> None:
    served = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path) for path in _addresses(get_resolver().url_patterns, "/")}
    served = {path for path in served if path.startswith("/api/v1/")} - {"/api/v1/openapi.json"}
    assert served <= set(described["paths"]) | {"/api/v1/"}
    assert len(served) >= 10


def test_operations_have_names_of_their_own_and_a_sentence(described: Any) -> None:
    operations = _operations(described)
    names = [operation["operationId"] for _path, operation in operations]
    assert len(names) == len(set(names))
    assert [path for path, operation in operations if not operation.get("description")] == []


def test_every_parameter_of_an_address_is_declared(described: Any) -> None:
    for path, operation in _operations(described):
        declared = {item["name"] for item in operation.get("parameters", []) if item["in"] == "path"}
        assert declared == set(re.findall(r"\{(\w+)\}", path)), path


def test_every_parameter_has_a_name(described: Any) -> None:
    """A name is lost if the annotation is a `type` alias."""
    nameless = [
        path for path, operation in _operations(described) for item in operation["parameters"] if not item["name"]
    ]
    assert nameless == []


def test_no_two_shapes_have_one_name() -> None:
    """In the document, the second would take the place of the first."""
    rooms = defaultdict(set)
    for shape in _shapes(Schema):
        rooms[shape.__name__].add(shape.__module__)
    assert {name: found for name, found in rooms.items() if len(found) > 1} == {}


def test_every_reference_leads_somewhere(described: Any) -> None:
    for reference in set(re.findall(r"'\$ref': '([^']+)'", str(described))):
        found = described
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        assert found


def test_every_refusal_of_a_journey_is_described(described: Any) -> None:
    for path, operation in _operations(described):
        if "/journeys" in path:
            assert set(operation["responses"]) >= {"400", "404", "409", "410", "422", "429"}, path


def test_every_good_answer_has_a_shape_of_its_own(described: Any) -> None:
    for path, operation in _operations(described):
        for status, answer in operation["responses"].items():
            if status not in ("200", "201") or path == "/api/v1/schemas/plan-book.json":  # itself a JSON Schema
                continue
            if path.startswith(UPLOADS) and "content" not in answer:  # tus says everything in headers
                continue
            kinds = answer["content"]
            if path in FILES:
                assert set(kinds) == FILES[path], path
                schemas = [kind["schema"] for name, kind in kinds.items() if name != "application/json"]
                assert all(schema == {"type": "string", "format": "binary"} for schema in schemas), path
            else:
                assert set(kinds) == {"application/json"}, path
                assert "$ref" in kinds["application/json"]["schema"], path


START = "/api/v1/{market}/journeys"  # for members' journeys; others need no token


def test_every_refusal_is_a_problem_document(described: Any) -> None:
    kinds = [{"$ref": f"#/components/schemas/{name}"} for name in ("ProblemDoc", "BookRefusedDoc", "ClaimProblemDoc")]
    problems = [{"application/problem+json": {"schema": kind}} for kind in kinds]
    for path, operation in _operations(described):
        refusals = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
        assert "400" in refusals
        assert all(answer["content"] in problems for answer in refusals.values()), path
        assert ("401" in refusals) == (bool(operation.get("security")) or path == START)
        assert ("413" in refusals) == ("requestBody" in operation or path.startswith(UPLOADS)), path
        assert "429" not in refusals or "Retry-After" in refusals["429"]["headers"]


def test_what_needs_a_token_says_so(described: Any) -> None:
    guarded = {path for path, operation in _operations(described) if operation.get("security")}
    mine = (
        *("me", "me/devices", "me/devices/signout", "me/password", "signout"),
        *("policies", "policies/{policy}", "policies/{policy}/payments", "policies/{policy}/documents"),
        *("policies/{policy}/documents/{document}", "cover", "cover/search", "benefits/{benefit}", *CARDS, *FAMILY),
        *("partner", "plan-books", "cover/entries", *CLAIMS, *PARTNER_CLAIMS),
        *("bank-accounts", "bank-accounts/{bank_account}", "bank-accounts/{bank_account}/default"),
        *("uploads", "uploads/{upload}"),
        *("guarantees", "guarantees/{number}", "guarantees/{number}/letter"),
        *("provider", "provider/card-checks", "provider/guarantees"),
    )
    assert guarded == {f"/api/v1/{{market}}/{address}" for address in mine}
    assert all(scheme["scheme"] == "bearer" for scheme in described["components"]["securitySchemes"].values())


def _operations(described: Any) -> list[tuple[str, Any]]:
    return [
        (path, operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]


def _addresses(patterns: Any, before: str) -> list[str]:
    found = []
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += _addresses(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern):
            found.append(path)
    return found


def _shapes(base: type[Schema]) -> list[type[Schema]]:
    """Our classes below this one. A leading underscore marks what other shapes are made of."""
    found = []
    for shape in base.__subclasses__():
        found += _shapes(shape)
        if shape.__module__.startswith("mypolis.") and not shape.__name__.startswith("_"):
            found.append(shape)
    return found


WITH_EXAMPLES = {
    ("get", "claims"): {"one_claim"},
    ("post", "claims"): {"draft_with_a_bill"},
    ("get", "claims/{claim}"): {"draft_with_a_bill", "decided_with_timeline"},
    ("patch", "claims/{claim}"): {"bill", "draft_with_a_bill"},
    ("get", "claims/{claim}/eob"): {"partly_approved"},
    ("post", "partner/claims/{number}/decision"): {"partly_approved"},
}


def _contents(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The contents of an operation's body and answers, by type."""
    for part in (operation.get("requestBody", {}), *operation["responses"].values()):
        yield from part.get("content", {}).values()


def test_examples_of_claims_fit_their_schemas_and_are_complete(described: Any) -> None:
    found = {}
    for path, operations in described["paths"].items():
        for method in METHODS & set(operations):
            for content in _contents(operations[method]):
                for name, example in content.get("examples", {}).items():
                    found.setdefault((method, path.removeprefix("/api/v1/{market}/")), set()).add(name)
                    root = {**content["schema"], "components": described["components"]}
                    problems = jsonschema_rs.validator_for(root, validate_formats=True).iter_errors(example["value"])
                    assert [str(problem) for problem in problems] == [], name
    assert found == WITH_EXAMPLES
    for example, kind in ((DRAFT, ClaimDoc), (DECIDED, ClaimDoc), (EXPLANATION, ExplanationDoc)):
        assert set(example) == set(kind.model_json_schema()["properties"]), "a whole document has every key"
