"""What holds for every answer: its market, language and time zone, and what a browser may do with it."""

from collections.abc import Callable, Sequence
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from mypolis.foundation.markets import Profile
from mypolis.foundation.web import cookies
from mypolis.foundation.web.requests import is_for_api, market_in
from mypolis.foundation.web.views import wrong_method

PROBES = frozenset({"/healthz", "/readyz", "/metrics"})  # what load balancers, supervisors and Prometheus ask


class MarketAndLanguage:
    """Sets `request.market` (a profile, or None), the language (chosen, else the browser's, else the market's) and the
    market's time zone: whatever a page, a form or a document says of days and times is the market's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The API listens to Accept-Language alone; pages to the choice first."""
        profile = market_in(request.path)
        request.encoding = "utf-8"  # all pages are; a charset that the sender claims could be any codec of Python's
        request.market = profile  # type: ignore[attr-defined]
        language = language_of(request, profile)
        request.LANGUAGE_CODE = language
        with translation.override(language), timezone.override(profile.zone if profile else None):
            response = self.get_response(request)
        response.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


class BrowserGuards:
    """Headers that no answer is without: a page, a file, a refusal, or a document of the API.

    A view that knows better has set its own already. What may be kept by a cache says so itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """An address with a token or a code is told to nobody, not even to our own log of style sheets fetched."""
        response = self.get_response(request)
        response.setdefault("Cache-Control", "no-store")
        response.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if request.resolver_match is not None and request.resolver_match.kwargs.keys() & {"token", "code"}:
            response["Referrer-Policy"] = "strict-origin"
        return response


class KnownHost(CommonMiddleware):
    """Django's own, which answers 400 to a host that is not ours; but probes may ask by any name or IP address."""

    def process_request(self, request: HttpRequest) -> HttpResponsePermanentRedirect | None:
        """None where the request may go on."""
        return None if request.path_info in PROBES else super().process_request(request)


class HeadHasNoBody:
    """A HEAD is answered like a GET, but for its body: WSGI leaves that to the application."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Keep the length that the body would have."""
        response = self.get_response(request)
        if request.method == "HEAD" and response.streaming:
            response.streaming_content = ()  # type: ignore[attr-defined]
        elif request.method == "HEAD":
            length = len(response.content)
            response.content = b""
            response["Content-Length"] = str(length)
        return response


class WrongMethodHasWords:
    """Django refuses a method with an empty page; whoever came by a form's old address gets words and a way on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Innermost, so that the page passes all that others add to pages."""
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not is_for_api(request):
            return wrong_method(request, response)
        return response


def language_of(request: HttpRequest, profile: Profile | None) -> str:
    """The language to answer in: one of the market's."""
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
    """The code for a wish such as "sr-cyrl-rs": itself or what it begins with, else the first of that language."""
    parts = wanted.split("-")
    for count in range(len(parts), 0, -1):
        if (code := "-".join(parts[:count])) in spoken:
            return code
    return next((code for code in spoken if code.split("-")[0] == parts[0]), None)
