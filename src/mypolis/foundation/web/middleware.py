"""Middleware for every response: market, language and time zone, and headers that restrict the browser."""

from collections.abc import Callable, Sequence
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from mypolis.foundation.markets import Profile
from mypolis.foundation.web import cookies
from mypolis.foundation.web.requests import is_for_api, market_in
from mypolis.foundation.web.views import wrong_method

PROBES = frozenset({"/healthz", "/readyz", "/metrics"})  # for load balancers, supervisors and Prometheus


class MarketAndLanguage:
    """Sets `request.market` (a profile or None), the language and the time zone.

    The language is the chosen one, else the browser's, else the market's. Pages, forms and documents use the market's
    time zone for all dates and times.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle the request. The API uses only Accept-Language; pages use the chosen language first."""
        profile = market_in(request.path)
        request.encoding = "utf-8"  # as all pages; a charset in the request could name any Python codec
        request.market = profile  # type: ignore[attr-defined]
        language = language_of(request, profile)
        request.LANGUAGE_CODE = language
        with translation.override(language), timezone.override(profile.zone if profile else None):
            response = self.get_response(request)
        response.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


class NoNullCharacters:
    """Refuses a query with a null character: PostgreSQL can neither store nor compare it, and nobody types one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle the request. Raises BadRequest."""
        if "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("a null character in the query")
        return self.get_response(request)


class BrowserGuards:
    """Sets security headers on every response: pages, files, errors and API documents.

    Headers that a view has set are kept. A response that may be cached must set its own `Cache-Control`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers. A URL with a token or code must not leak in a referrer, not even to our own static files."""
        response = self.get_response(request)
        response.setdefault("Cache-Control", "no-store")
        response.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if request.resolver_match is not None and request.resolver_match.kwargs.keys() & {"token", "code"}:
            response["Referrer-Policy"] = "strict-origin"
        return response


class KnownHost(CommonMiddleware):
    """Django's CommonMiddleware responds 400 to an unknown host. This one lets probes use any name or IP address."""

    def process_request(self, request: HttpRequest) -> HttpResponsePermanentRedirect | None:
        """Return None if the request may continue."""
        return None if request.path_info in PROBES else super().process_request(request)


class HeadHasNoBody:
    """Removes the body from responses to HEAD, because WSGI leaves this to the application."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle the request; keep the `Content-Length` that the body would have."""
        response = self.get_response(request)
        if request.method == "HEAD" and response.streaming:
            response.streaming_content = ()  # type: ignore[attr-defined]
        elif request.method == "HEAD":
            length = len(response.content)
            response.content = b""
            response["Content-Length"] = str(length)
        return response


class WrongMethodHasWords:
    """Shows an error page for 405, where Django sends an empty one: people reopen the URL of a form they sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle the request. This is the innermost middleware, so that the others process the error page too."""
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not is_for_api(request):
            return wrong_method(request, response)
        return response


def language_of(request: HttpRequest, profile: Profile | None) -> str:
    """Return the language of the response: one of the market's languages."""
    spoken = profile.languages if profile else tuple(code for code, _name in settings.LANGUAGES)
    if not is_for_api(request):
        chosen = cookies.read(request, "language", profile.code if profile else "all")
        if chosen in spoken:
            return chosen
    for wanted, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")[:200]):
        if found := _spoken_as(wanted, spoken):
            return found
    return profile.default_language if profile else "en"


def _spoken_as(wanted: str, spoken: Sequence[str]) -> str | None:
    """Match a tag such as "sr-cyrl-rs": the code itself, its longest prefix, or the first code of that language."""
    parts = wanted.split("-")
    for count in range(len(parts), 0, -1):
        if (code := "-".join(parts[:count])) in spoken:
            return code
    return next((code for code in spoken if code.split("-")[0] == parts[0]), None)
