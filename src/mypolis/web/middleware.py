"""Which market a request is for, and in which language it is answered."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from mypolis.markets import Profile
from mypolis.web import cookies
from mypolis.web.requests import is_for_api, market_in


class MarketAndLanguage:
    """Sets `request.market` (a profile, or None) and the language: chosen, else the browser's, else the market's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The API listens to Accept-Language alone; pages to the choice first."""
        profile = market_in(request.path)
        request.encoding = "utf-8"  # all pages are; a charset that the sender claims could be any codec of Python's
        request.market = profile  # type: ignore[attr-defined]
        language = language_of(request, profile)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


class HeadHasNoBody:
    """A HEAD is answered like a GET, but for its body: WSGI leaves that to the application."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Keep the length that the body would have."""
        response = self.get_response(request)
        if request.method == "HEAD" and not response.streaming:
            length = len(response.content)
            response.content = b""
            response["Content-Length"] = str(length)
        return response


def language_of(request: HttpRequest, profile: Profile | None) -> str:
    """The language to answer in: one of the market's."""
    spoken = profile.languages if profile else tuple(code for code, _name in settings.LANGUAGES)
    if not is_for_api(request):
        chosen = cookies.read(request, "language", profile.code if profile else "all")
        if chosen in spoken:
            return chosen
    for wanted, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")[:200]):
        for code in spoken:
            if wanted == code or wanted.split("-")[0] == code.split("-")[0]:
                return code
    return profile.default_language if profile else "en"
