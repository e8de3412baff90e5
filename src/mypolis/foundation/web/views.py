"""Views that belong to no room: brand files and error pages."""

import sys
from datetime import datetime
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mypolis.foundation.markets.profile import Text
from mypolis.foundation.web import cookies
from mypolis.foundation.web.branding import brand_files
from mypolis.foundation.web.outage import is_outage, unavailable
from mypolis.foundation.web.problems import problem
from mypolis.foundation.web.requests import is_for_api

_A_YEAR = 365 * 24 * 3600
_DRAWING = (  # an SVG has its own styles, and can be opened as a document
    "default-src 'none'; style-src 'unsafe-inline'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox"
)


def remember_language(response: HttpResponse, market: str, language: str) -> HttpResponse:
    """Store the chosen language of a market in a cookie for a year; `all` is for pages outside any market."""
    cookies.write(response, "language", market, language[:12], life=cookies.DEVICE_LIFE)
    return response


@require_safe
def brand_css(request: HttpRequest, market: str) -> HttpResponse:
    """The brand's tokens, light and dark."""
    return _brand_file(request, brand_files.sheet(market), "text/css; charset=utf-8")


@require_safe
def logo(request: HttpRequest, market: str) -> HttpResponse:
    """The brand's logo."""
    response = _brand_file(request, brand_files.logo(market), "image/svg+xml; charset=utf-8")
    response["Content-Security-Policy"] = _DRAWING
    return response


def _brand_file(request: HttpRequest, file: brand_files.BrandFile, content_type: str) -> HttpResponse:
    """Send the file. A URL with its version is cached forever, one without for an hour."""
    response = HttpResponse(file.content, content_type=content_type)
    current = request.GET.get("v") == file.version
    response["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable" if current else "public, max-age=3600"
    return response


def error_page(request: HttpRequest, kind: str, **context: Any) -> HttpResponse:
    """Render a page that says what went wrong and what to do now. `kind` is the status, or a word: `no-cookies`."""
    status = int(kind) if kind.isdigit() else 403
    return render(request, "web/error.html", {"kind": kind, **context}, status=status)


def limit_page(request: HttpRequest, until: datetime) -> HttpResponse:
    """429: too many attempts, and when to try again."""
    minutes = -(-(until - timezone.now()).total_seconds() // 60)
    return error_page(request, "429", retry_minutes=max(1, int(minutes)))


def closed_page(request: HttpRequest, text: Text) -> HttpResponse:
    """503: staff switched this off for now. `text` says what to do instead."""
    return render(request, "web/closed.html", {"text": text}, status=503)


def no_cookies(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The CSRF check failed, nearly always because the browser stores no cookies."""
    return error_page(request, "no-cookies")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 if the request is too large."""
    too_big = isinstance(exception, RequestDataTooBig)
    if is_for_api(request):
        return problem(413 if too_big else 400, "bad-request", _("We did not understand that"))
    return error_page(request, "413" if too_big else "400")


def wrong_method(request: HttpRequest, refusal: HttpResponse) -> HttpResponse:
    """405 with an explanation. The header `Allow` of the original response is kept."""
    page = error_page(request, "405")
    page["Allow"] = refusal["Allow"]
    return page


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    if is_for_api(request):
        return problem(404, "not-found", _("There is nothing here."))
    return error_page(request, "404")


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 during an outage. It must work even if nearly everything else fails."""
    away = is_outage(sys.exception())
    try:
        if away:
            return unavailable(request)
        if is_for_api(request):
            return problem(500, "failed", _("Something went wrong"))
        return error_page(request, "500")
    except Exception:  # noqa: S110 - if rendering fails too, the person gets a plain sentence
        pass
    return HttpResponse(
        "Something went wrong. Please try again in a few minutes.",
        status=503 if away else 500,
        content_type="text/plain; charset=utf-8",
    )
