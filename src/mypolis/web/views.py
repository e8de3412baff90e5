"""Pages that belong to no room: brand colours, what went wrong."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from mypolis.web import cookies
from mypolis.web.brand import Brand, brand_of
from mypolis.web.problems import problem
from mypolis.web.requests import is_for_api


def remember_language(response: HttpResponse, market: str, language: str) -> HttpResponse:
    """Keep the chosen language of a market for a year; of the chooser under `all`."""
    cookies.write(response, "language", market, language[:12], life=cookies.DEVICE_LIFE)
    return response


@require_safe
@cache_control(public=True, max_age=3600)
def brand_css(request: HttpRequest, market: str) -> HttpResponse:
    """The brand's colour tokens, light and dark."""
    brand = brand_of(market)
    dark = f"@media (prefers-color-scheme:dark){{:root{{{_tokens(brand.dark_colours)}}}}}" if brand.dark_colours else ""
    return HttpResponse(f":root{{{_tokens(brand.colours)}}}{dark}", content_type="text/css; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=3600)
def logo(request: HttpRequest, market: str) -> HttpResponse:
    """The brand's drawn logo."""
    brand: Brand = brand_of(market)
    response = HttpResponse(brand.logo.read_bytes(), content_type="image/svg+xml")
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response


def error_page(request: HttpRequest, kind: str, **context: Any) -> HttpResponse:
    """A page that says what went wrong and what to do now; `kind` is the status, or `no-cookies`."""
    status = int(kind) if kind.isdigit() else 403
    return render(request, "web/error.html", {"kind": kind, **context}, status=status)


def no_cookies(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The CSRF check failed: nearly always because the browser keeps no cookies."""
    return error_page(request, "no-cookies")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 for what is too big."""
    too_big = isinstance(exception, RequestDataTooBig)
    if is_for_api(request):
        return problem(413 if too_big else 400, "bad-request", _("We did not understand that"))
    page = error_page(request, "400")
    page.status_code = 413 if too_big else 400
    return page


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    if is_for_api(request):
        return problem(404, "not-found", _("There is nothing here."))
    return error_page(request, "404")


def server_error(request: HttpRequest) -> HttpResponse:
    """500; must work when nearly nothing does."""
    try:
        if is_for_api(request):
            return problem(500, "failed", _("Something went wrong"))
        return error_page(request, "500")
    except Exception:  # noqa: S110 - whatever failed, the person gets a plain sentence
        pass
    return HttpResponse(
        "Something went wrong. Please try again in a few minutes.", status=500, content_type="text/plain"
    )


def _tokens(colours: dict[str, str]) -> str:
    return ";".join(f"--{name}:{value}" for name, value in colours.items())
