"""Compresses a first visit: pages for visitors without cookies, and files of the brand.

A page that holds a secret of its reader must not be compressed together with text that somebody else chose: its length
would reveal the secret letter by letter (the attack BREACH). A visitor without cookies gets the same page as everybody
else, except for a CSRF token that is new each time.
"""

import gzip
from collections.abc import Callable

import brotli
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

_LEAST = 300  # bytes; compression of smaller bodies saves almost nothing
_KINDS = ("text/html", "text/css", "image/svg+xml", "application/manifest+json")
_WAYS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda text: brotli.compress(text, mode=brotli.MODE_TEXT, quality=5),
    "gzip": lambda text: gzip.compress(text, compresslevel=6, mtime=0),
}


class FirstVisitIsCompressed:
    """Compresses what may be compressed, for browsers that accept it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Handle the request, then compress the response."""
        response = self.get_response(request)
        if isinstance(response, HttpResponse) and _may_be_compressed(request, response):
            _compress(response, accepted_way(request.headers.get("Accept-Encoding", "")))
        return response


def accepted_way(header: str) -> str:
    """Return the first of `br` and `gzip` that the header accepts; "" if it accepts neither."""
    offers = (part.strip().lower().partition(";") for part in header.split(","))
    accepted = {name.strip() for name, _semicolon, rest in offers if rest.replace(" ", "").rstrip("0.") != "q="}
    return next((way for way in _WAYS if way in accepted), "")


def _may_be_compressed(request: HttpRequest, response: HttpResponse) -> bool:
    is_public = "public" in response.get("Cache-Control", "") or not request.COOKIES
    is_text = response.get("Content-Type", "").startswith(_KINDS)
    return is_public and is_text and len(response.content) >= _LEAST and "Content-Encoding" not in response


def _compress(response: HttpResponse, way: str) -> None:
    patch_vary_headers(response, ["Accept-Encoding"])
    if way:
        response.content = _WAYS[way](response.content)
        response["Content-Encoding"] = way
        if "Content-Length" in response:
            response["Content-Length"] = str(len(response.content))
