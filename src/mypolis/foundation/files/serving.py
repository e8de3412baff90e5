"""Serves a stored file to a browser, with no script execution, content sniffing, framing or caching."""

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from mypolis.foundation.events import Actor
from mypolis.foundation.files.checking.previews import open_preview
from mypolis.foundation.files.flows import open_file
from mypolis.foundation.files.models import ReceivedFile, StoredFile
from mypolis.foundation.web.requests import actor_of

PDF = "application/pdf"
CLEANED = (PDF, "image/jpeg", "image/png")
"""The types of cleaned files."""

_AS_THEY_ARE = frozenset(CLEANED)
_NOTHING_RUNS = "default-src 'none'; frame-ancestors 'none'; sandbox"
# Chromium's PDF viewer does not start in a CSP sandbox. Nothing with the portal's origin can run in the viewer.
_PDF_VIEWED = "default-src 'none'; frame-ancestors 'none'"


def file_answer(*media_types: str) -> dict[str, Any]:
    """OpenAPI's words for an answer that is a file of one of these types."""
    content = {"schema": {"type": "string", "format": "binary"}}
    return {"responses": {200: {"description": "OK", "content": dict.fromkeys(media_types, content)}}}


def serve(
    request: HttpRequest, file: StoredFile, *, owner: models.Model, inline: bool = False, by: Actor | None = None
) -> HttpResponseBase:
    """The file, for somebody who may see its owner. `inline` shows a PDF or a picture in the browser.

    Other types are downloaded. `by` is who opens it, if that is not the member or stranger who sent the request.
    """
    shown = inline and file.media_type in _AS_THEY_ARE
    # Use the claimed type only if it is on a short list, so that a browser never treats a file as a page.
    media_type = file.media_type if file.media_type in _AS_THEY_ARE else "application/octet-stream"
    is_head = request.method == "HEAD"
    contents = () if is_head else open_file(file=file, owner=owner, by=by or actor_of(request))
    response = StreamingHttpResponse(contents, content_type=media_type)
    protect(response, name=file.name, inline=shown)
    response["Content-Length"] = str(file.size)
    return response


def serve_preview(request: HttpRequest, received: ReceivedFile, page: int) -> HttpResponse:
    """A small picture of a page of a cleaned file, for somebody who may see its owner. Raises Http404 without one."""
    preview = open_preview(received, page, by=actor_of(request))
    if preview is None:
        raise Http404
    response = HttpResponse(preview, content_type="image/jpeg")
    protect(response, name=f"page-{page}.jpg", inline=True)
    return response


def protect(response: HttpResponseBase, *, name: str, inline: bool) -> None:
    """Set the security headers for a private file."""
    is_pdf = response.headers.get("Content-Type") == PDF
    response["Content-Disposition"] = content_disposition_header(as_attachment=not inline, filename=name) or ""
    response["Content-Security-Policy"] = _PDF_VIEWED if inline and is_pdf else _NOTHING_RUNS
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
