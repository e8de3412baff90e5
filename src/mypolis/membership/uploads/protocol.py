"""The tus protocol, version 1.0, with the extensions creation and termination. Both doors call this module.

Real clients decide how to go on by the status: after 409, 423 and 503 they ask for the offset and continue; any other
error ends the upload. So nothing here ever responds 429, and a size is refused before the first byte.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from mypolis.foundation.web.problems import problem
from mypolis.foundation.web.requests import actor_of
from mypolis.membership.accounts.models import Account
from mypolis.membership.uploads import errors
from mypolis.membership.uploads.flows import begin, remove, unfinished, upload_of
from mypolis.membership.uploads.models import Upload
from mypolis.membership.uploads.request_body import RequestBody
from mypolis.membership.uploads.targets import most_bytes_anywhere
from mypolis.membership.uploads.tus_metadata import MetadataError, parse_metadata
from mypolis.membership.uploads.writing import append

VERSION = "1.0.0"
COLLECTION_METHODS = ("GET", "HEAD", "POST", "OPTIONS")
UPLOAD_METHODS = ("HEAD", "PATCH", "DELETE", "POST", "OPTIONS")
_NUMBER = re.compile(r"[0-9]{1,15}", re.ASCII)
_PIECES = "application/offset+octet-stream"
_STATUSES: dict[type[errors.UploadError], int] = {
    errors.NoSuchUpload: 404,
    errors.NoSuchTarget: 404,
    errors.NotAccepted: 403,
    errors.EmptyFile: 400,
    errors.TooLarge: 413,
    errors.TooManyUploads: 403,
    errors.WrongOffset: 409,
    errors.BeingWritten: 423,
    errors.StorageAway: 503,
}
_TRY_AGAIN_AFTER = timedelta(seconds=2)

type AddressOf = Callable[[Upload], str]


def answer_collection(request: HttpRequest, account: Account, address_of: AddressOf) -> HttpResponse:
    """POST begins an upload, GET lists unfinished ones, OPTIONS says what this server can do."""
    if request.method == "OPTIONS":
        return describe()
    if request.method in ("GET", "HEAD"):
        return _guarded(request, lambda: _list(request, account, address_of))
    return _guarded(request, lambda: _create(request, account, address_of), needs_version=True)


def answer_upload(request: HttpRequest, account: Account, upload_id: UUID) -> HttpResponse:
    """HEAD says the offset, PATCH adds bytes, DELETE removes the upload. POST may name one of them in a header."""
    method = request.headers.get("X-HTTP-Method-Override", request.method) if request.method == "POST" else None
    match (method or request.method or "").upper():
        case "OPTIONS":
            return describe()
        case "HEAD":
            return _guarded(request, lambda: _tell(account, upload_id), needs_version=True)
        case "PATCH":
            return _guarded(request, lambda: _append(request, account, upload_id), needs_version=True)
        case "DELETE":
            return _guarded(request, lambda: _delete(request, account, upload_id), needs_version=True)
    refused = problem(405, "method-not-allowed", _("This is not possible here."))
    refused["Allow"] = ", ".join(UPLOAD_METHODS)
    return _labelled(refused)


def describe() -> HttpResponse:
    """What this server can do. Anybody may ask."""
    response = HttpResponse(status=204)
    response["Tus-Version"] = VERSION
    response["Tus-Extension"] = "creation,termination"
    response["Tus-Max-Size"] = str(most_bytes_anywhere())
    return _labelled(response)


def refused(error: errors.UploadError) -> HttpResponse:
    """The problem document for an error."""
    status = next(status for kind, status in _STATUSES.items() if isinstance(error, kind))
    until = timezone.now() + _TRY_AGAIN_AFTER if status == 503 else None
    return _labelled(problem(status, error.code, error.message, until=until))


def not_signed_in() -> HttpResponse:
    """401."""
    return _labelled(problem(401, "not-signed-in", _("Please sign in.")))


def _guarded(request: HttpRequest, view: Callable[[], HttpResponse], *, needs_version: bool = False) -> HttpResponse:
    if needs_version and request.headers.get("Tus-Resumable") != VERSION:
        response = problem(412, "other-version", _("This version of the upload protocol is not supported."))
        response["Tus-Version"] = VERSION
        return _labelled(response)
    try:
        return _labelled(view())
    except errors.UploadError as error:
        return refused(error)


def _labelled(response: HttpResponse) -> HttpResponse:
    response["Tus-Resumable"] = VERSION
    response["Cache-Control"] = "no-store"
    return response


def _bad(detail: str) -> HttpResponse:
    return problem(400, "bad-request", detail)


def _create(request: HttpRequest, account: Account, address_of: AddressOf) -> HttpResponse:
    length = _number_in(request, "Upload-Length")
    if length is None:
        return _bad(_("The size of the file is missing or wrong."))
    try:
        metadata = parse_metadata(request.headers.get("Upload-Metadata", ""))
    except MetadataError:
        return _bad(_("What the upload says about its file cannot be read."))
    upload = begin(account=account, length=length, metadata=metadata, by=actor_of(request))
    response = HttpResponse(status=201)
    response["Location"] = address_of(upload)
    return response


def _list(request: HttpRequest, account: Account, address_of: AddressOf) -> HttpResponse:
    found = unfinished(account, request.GET.dict())
    return JsonResponse({"uploads": [upload_document(upload, address_of) for upload in found]})


def upload_document(upload: Upload, address_of: AddressOf) -> dict[str, Any]:
    """An unfinished upload as JSON."""
    return {
        "id": str(upload.pk),
        "url": address_of(upload),
        "name": upload.name,
        "document": upload.metadata.get("document", ""),
        "length": upload.length,
        "offset": upload.offset,
        "created_at": upload.created_at,
    }


def _tell(account: Account, upload_id: UUID) -> HttpResponse:
    upload = upload_of(account, upload_id)
    response = HttpResponse(status=200)
    response["Upload-Offset"] = str(upload.offset)
    response["Upload-Length"] = str(upload.length)
    return response


def _append(request: HttpRequest, account: Account, upload_id: UUID) -> HttpResponse:
    if request.content_type != _PIECES:
        return problem(415, "wrong-type", _("This version of the upload protocol is not supported."))
    offset = _number_in(request, "Upload-Offset")
    if offset is None:
        return _bad(_("The place in the file is missing or wrong."))
    body = RequestBody(request)
    upload = append(account=account, upload_id=upload_id, offset=offset, body=body, by=actor_of(request))
    response = HttpResponse(status=204)
    response["Upload-Offset"] = str(upload.offset)
    return response


def _delete(request: HttpRequest, account: Account, upload_id: UUID) -> HttpResponse:
    remove(account=account, upload_id=upload_id, by=actor_of(request))
    return HttpResponse(status=204)


def _number_in(request: HttpRequest, header: str) -> int | None:
    text = request.headers.get(header, "")
    return int(text) if _NUMBER.fullmatch(text) else None
