"""Uploads by bearer token: tus 1.0 with the extensions creation and termination."""

from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Router

from mypolis.foundation.journeys.schemas import ProblemDoc
from mypolis.foundation.web.requests import market_or_404
from mypolis.membership.accounts.api import MemberToken
from mypolis.membership.accounts.models import Account
from mypolis.membership.uploads import protocol
from mypolis.membership.uploads.errors import NoSuchUpload
from mypolis.membership.uploads.models import Upload
from mypolis.membership.uploads.schemas import UploadsDoc

router = Router(tags=["uploads"], auth=MemberToken())
REFUSALS = dict.fromkeys((400, 401, 403, 404, 405, 409, 412, 413, 415, 423, 503), ProblemDoc)


@router.api_operation(["OPTIONS"], "/{market}/uploads", response={204: None}, auth=None, url_name="api-uploads")
def describe(request: HttpRequest, market: str) -> HttpResponse:
    """The version and extensions of tus that this server supports, and the size of the largest file."""
    market_or_404(market)
    return protocol.describe()


@router.get("/{market}/uploads", response={200: UploadsDoc, **REFUSALS}, url_name="api-uploads-unfinished")
def unfinished(request: HttpRequest, market: str) -> HttpResponse:
    """The member's unfinished uploads for what the query names, such as `?claim=…`."""
    return protocol.answer_collection(request, _account(request, market), partial(_address, market))


@router.post("/{market}/uploads", response={201: None, **REFUSALS}, url_name="api-uploads-create")
def create(request: HttpRequest, market: str) -> HttpResponse:
    """Begin an upload. Headers: `Tus-Resumable: 1.0.0`, `Upload-Length`, and `Upload-Metadata` with `filename`, the
    file's kind as `document`, and what the file is for, such as `claim`. `Location` is the upload's address."""
    return protocol.answer_collection(request, _account(request, market), partial(_address, market))


@router.api_operation(["OPTIONS"], "/{market}/uploads/{upload}", response={204: None}, auth=None, url_name="api-upload")
def describe_again(request: HttpRequest, market: str, upload: str) -> HttpResponse:
    """The same as for all uploads, whatever the upload."""
    market_or_404(market)
    return protocol.describe()


@router.api_operation(
    ["HEAD"], "/{market}/uploads/{upload}", response={200: None, **REFUSALS}, url_name="api-upload-offset"
)
def tell(request: HttpRequest, market: str, upload: str) -> HttpResponse:
    """How many bytes have arrived: `Upload-Offset` of `Upload-Length`. Header: `Tus-Resumable: 1.0.0`."""
    return _answer(request, market, upload)


@router.patch("/{market}/uploads/{upload}", response={204: None, **REFUSALS}, url_name="api-upload-append")
def append(request: HttpRequest, market: str, upload: str) -> HttpResponse:
    """Add bytes. Headers: `Tus-Resumable: 1.0.0`, `Content-Type: application/offset+octet-stream`, `Upload-Offset`.

    What arrives before the connection breaks is kept. After 409, 423 and 503 ask for the offset, and continue there.
    """
    return _answer(request, market, upload)


@router.delete("/{market}/uploads/{upload}", response={204: None, **REFUSALS}, url_name="api-upload-remove")
def remove(request: HttpRequest, market: str, upload: str) -> HttpResponse:
    """Remove an upload, and its file if it is finished. Header: `Tus-Resumable: 1.0.0`."""
    return _answer(request, market, upload)


@router.post("/{market}/uploads/{upload}", response={204: None, **REFUSALS}, url_name="api-upload-override")
def overridden(request: HttpRequest, market: str, upload: str) -> HttpResponse:
    """For clients that can only POST: `X-HTTP-Method-Override` names the method PATCH, DELETE or HEAD."""
    return _answer(request, market, upload)


def _answer(request: HttpRequest, market: str, upload: str) -> HttpResponse:
    account = _account(request, market)
    try:
        key = UUID(upload)
    except ValueError:  # unknown, as any other id that nobody gave out
        return protocol.refused(NoSuchUpload())
    return protocol.answer_upload(request, account, key)


def _account(request: HttpRequest, market: str) -> Account:
    market_or_404(market)
    account: Account = request.account  # type: ignore[attr-defined]
    return account


def _address(market: str, upload: Upload) -> str:
    return reverse("api:api-upload", args=[market, upload.pk])
