"""The OpenAPI document: django-ninja's output plus every error response with its media type and headers."""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.responses import NinjaJSONEncoder

from mypolis.foundation.markets import all_markets
from mypolis.foundation.web.problems import CONTENT_TYPE

_PROBLEM_SCHEMA = {"schema": {"$ref": "#/components/schemas/ProblemDoc"}}
_HEADERS = {
    401: {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}},
    429: {"Retry-After": {"required": True, "schema": {"type": "integer", "minimum": 1}}},
}
_JOURNEY = "#/components/schemas/JourneyDoc"
_FOLLOWING = ("show", "answer", "back", "resend")


@dataclass(frozen=True)
class Document:
    """The document as it is sent, and its digest."""

    content: bytes
    etag: str


@cache
def document_for(api: "DescribedAPI", markets: tuple[str, ...]) -> Document:
    """Cached per process: building takes most of a second, and anybody may request it."""
    with translation.override("en"):
        content = json.dumps(api.get_openapi_schema(), cls=NinjaJSONEncoder, ensure_ascii=False).encode()
    return Document(content=content, etag=f'"{hashlib.sha256(content).hexdigest()[:32]}"')


class DescribedAPI(NinjaAPI):
    """An API whose document describes every possible response."""

    def serve_document(self, request: HttpRequest) -> HttpResponse:
        """Serves the OpenAPI document; 304 if the client already has it."""
        document = document_for(self, tuple(all_markets()))
        found = get_conditional_response(request, etag=document.etag)
        response = found or HttpResponse(document.content, content_type="application/json")
        response["ETag"] = document.etag
        return response

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        """Builds the whole document for the markets that are served."""
        document = super().get_openapi_schema(**kwargs)
        by_name = {}
        for path, operations in document["paths"].items():
            for operation in operations.values():
                by_name[operation["operationId"].rpartition("_")[2]] = operation["operationId"]
                _add_error_responses(path, operation)
                _name_the_markets(operation)
        for operations in document["paths"].values():
            for operation in operations.values():
                _link_to_what_follows(operation, by_name)
        return document


def _add_error_responses(path: str, operation: dict[str, Any]) -> None:
    statuses = {status for status in operation["responses"] if status >= 400} | {400}
    statuses |= {404} if "{market}" in path else set()
    statuses |= {413, 422} if "requestBody" in operation else set()
    statuses |= {401} if operation.get("security") else set()
    for status in sorted(statuses):
        headers = {"headers": _HEADERS[status]} if status in _HEADERS else {}
        declared = operation["responses"].get(status, {}).get("content", {}).get("application/json", _PROBLEM_SCHEMA)
        content = {"content": {CONTENT_TYPE: declared}}
        operation["responses"][status] = {"description": HTTPStatus(status).phrase, **content, **headers}


def _name_the_markets(operation: dict[str, Any]) -> None:
    for parameter in operation["parameters"]:
        if parameter["name"] == "market":
            parameter["schema"]["enum"] = list(all_markets())


def _link_to_what_follows(operation: dict[str, Any], by_name: dict[str, str]) -> None:
    """Link a journey's response to the operations that its token allows next."""
    for status, response in operation["responses"].items():
        schema = response.get("content", {}).get("application/json", {}).get("schema", {})
        if status < 400 and schema.get("$ref") == _JOURNEY:
            response["links"] = {name: _link(by_name[name]) for name in _FOLLOWING}


def _link(operation_id: str) -> dict[str, Any]:
    return {
        "operationId": operation_id,
        "parameters": {"path.market": "$response.body#/market", "path.token": "$response.body#/token"},
    }
