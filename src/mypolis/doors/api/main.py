"""The single API object, its error responses, and the operations about a market as a whole."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja.constants import NOT_SET
from ninja.errors import AuthenticationError, HttpError, ValidationError

from mypolis.doors.api.openapi import DescribedAPI
from mypolis.doors.api.schemas import ChallengeDoc, DocumentDoc, MarketDoc, MarketsDoc
from mypolis.doors.integrations.access import MayNot
from mypolis.foundation.guards import captcha
from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.journeys.definitions import registry
from mypolis.foundation.journeys.definitions.errors import Closed, MembersOnly
from mypolis.foundation.markets import all_markets
from mypolis.foundation.rooms import all_rooms
from mypolis.foundation.web.branding.brand import Brand, brand_of
from mypolis.foundation.web.form_fields.fields import UNSAFE
from mypolis.foundation.web.problems import problem
from mypolis.foundation.web.requests import market_or_404
from mypolis.insurance.emergencies.documents import line_docs
from mypolis.insurance.emergencies.lines import all_lines
from mypolis.insurance.providers.access import ProviderMayNot
from mypolis.membership.accounts.api import member_if_any
from mypolis.membership.consents.documents import document

api = DescribedAPI(
    title="MyPolis",
    version="1",
    urls_namespace="api",
    docs_url=None,
    openapi_url=None,  # served by `serve_document`
    description=(
        "The portal's journeys, a member's own data and what partners send, as JSON. "
        "Language by Accept-Language; no cookies."
    ),
)
for _room in all_rooms():
    for _part in _room.api:
        _auth = member_if_any if _part.member == "optional" else NOT_SET
        api.add_router("", _room.load(_part.router), auth=_auth)


@api.get("/", response=MarketsDoc, tags=["markets"], url_name="markets")
def markets(request: HttpRequest) -> dict[str, Any]:
    """The markets that this deployment serves."""
    return {"markets": [{"code": profile.code, "name": force_str(profile.name)} for profile in all_markets().values()]}


@api.get("/{market}", response=MarketDoc, tags=["markets"], url_name="market")
def market_(request: HttpRequest, market: str) -> dict[str, Any]:
    """A market: its journeys and ways to register, languages, support, consent documents, features."""
    profile, language = market_or_404(market), get_language() or ""
    brand = brand_of(market)
    documents = [document(market, key, language) for key in profile.documents]
    return {
        "market": profile.code,
        "name": force_str(profile.name),
        "insurer": brand.name,
        "languages": list(profile.languages),
        "journeys": registry.ways(market),
        "ways": registry.ways(market).get("register", []),
        "policy_types": [{"value": kind.key, "label": force_str(kind.label)} for kind in profile.policy_types],
        "support": _support(brand),
        "emergency": line_docs(all_lines(profile)),
        "documents": [
            {"key": text.key, "title": text.title, "version": text.version, "language": text.language}
            for text in documents
        ],
        "features": {"invitations": profile.sends_invitations, "usernames": profile.uses_usernames},
    }


def _support(brand: Brand) -> dict[str, Any]:
    phones = []
    for phone in brand.support.phones:
        state = phone.state_at(timezone.now())
        phones.append(
            {
                "number": phone.number,
                "label": str(phone.label or ""),
                "is_free": phone.is_free,
                "hours": phone.hours_in_words,
                "is_open": state and state.is_open,
                "changes_at": state and state.until,
            }
        )
    return {
        "phone": brand.support.phone,
        "email": brand.support.email,
        "hours": brand.support.hours,
        "phones": phones,
        "apps": [{"name": app.name, "url": app.url} for app in brand.apps],
    }


@api.get("/{market}/documents/{key}", response=DocumentDoc, tags=["markets"], url_name="document")
def legal(request: HttpRequest, market: str, key: str) -> dict[str, Any]:
    """The text of one consent document, as HTML."""
    if key not in market_or_404(market).texts:
        raise Http404("no such document")
    text = document(market, key, get_language() or "")
    return {"key": key, "title": text.title, "version": text.version, "language": text.language, "html": text.html}


@api.get("/{market}/captcha", response=ChallengeDoc, tags=["markets"], url_name="captcha")
def challenge(request: HttpRequest, market: str) -> dict[str, str | int]:
    """An ALTCHA challenge; send its solution as base64 JSON in `captcha`."""
    market_or_404(market)
    return captcha.challenge(market)


@api.exception_handler(ValidationError)
def unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Validation errors in a body or parameters: each with its field name, and with our own codes and messages."""
    errors = []
    for found in error.errors:
        where = [str(part) for part in found.get("loc", ()) if part not in ("body", "path", "query", "[key]")]
        errors.append((where[-1][:100] if where else "", *_wrong(str(found.get("type", "")))))
    return problem(422, "unreadable", _("The request is not of the right shape."), errors=errors)


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    """404."""
    return problem(404, "not-found", _("There is nothing here."))


@api.exception_handler(AuthenticationError)
@api.exception_handler(MembersOnly)
def stranger(request: HttpRequest, error: Exception) -> HttpResponse:
    """401, with the expected authentication scheme."""
    response = problem(401, "not-signed-in", _("Please sign in."))
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(Closed)
def closed(request: HttpRequest, error: Closed) -> HttpResponse:
    """503: the room of this journey is switched off for now."""
    return problem(503, "switched-off", error.message)


@api.exception_handler(MayNot)
@api.exception_handler(ProviderMayNot)
def not_allowed(request: HttpRequest, error: Exception) -> HttpResponse:
    """403: the token is valid but lacks this right."""
    return problem(403, "not-allowed", _("This token may not do that."))


@api.exception_handler(LimitReached)
def later(request: HttpRequest, error: LimitReached) -> HttpResponse:
    """429, with the time of the next allowed attempt."""
    return problem(429, error.limit.name, error.message, until=error.until)


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    """A body that is not JSON; nothing else raises this error here."""
    return problem(error.status_code, "bad-request", _("The request is not valid JSON."))


@api.exception_handler(RequestDataTooBig)
def too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    """413."""
    return problem(413, "too-big", _("The request is too big."))


def _wrong(kind: str) -> tuple[str, str]:
    """(code, message) for one of pydantic's error types, since pydantic's messages are in English only."""
    match kind:
        case "extra_forbidden":
            return "unknown_field", _("There is no such field here.")
        case "missing":
            return "required", _("This is missing.")
        case "string_too_long":
            return "too_long", _("The text is too long.")
        case "string_unicode":
            return "unsafe", str(UNSAFE)
        case _ if kind.endswith(("_type", "_parsing")):
            return "wrong_type", _("This value is not of the right type.")
    return "invalid", _("This value cannot be used here.")
