"""Uploads from pages: by session cookie and CSRF header. No redirect ever: these are requests of scripts."""

from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from mypolis.membership.accounts.sessions.middleware import account_of
from mypolis.membership.uploads import protocol
from mypolis.membership.uploads.models import Upload


@require_http_methods([*protocol.COLLECTION_METHODS])
def uploads(request: HttpRequest, market: str) -> HttpResponse:
    """Begin an upload, or list unfinished ones: `?claim=…` names their owner."""
    if request.method == "OPTIONS":
        return protocol.describe()
    account = account_of(request)
    if account is None:
        return protocol.not_signed_in()
    return protocol.answer_collection(request, account, partial(_address, market))


@require_http_methods([*protocol.UPLOAD_METHODS])
def upload(request: HttpRequest, market: str, upload: UUID) -> HttpResponse:
    """Tell the offset of an upload, add bytes to it, or remove it."""
    if request.method == "OPTIONS":
        return protocol.describe()
    account = account_of(request)
    if account is None:
        return protocol.not_signed_in()
    return protocol.answer_upload(request, account, upload)


def _address(market: str, upload: Upload) -> str:
    return reverse("upload", args=[market, upload.pk])
