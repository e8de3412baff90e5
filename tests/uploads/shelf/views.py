import hashlib

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from mypolis.foundation.files.models import ReceivedFile
from mypolis.foundation.files.receiving import open_received
from mypolis.foundation.web.requests import actor_of
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.views import for_members
from mypolis.membership.uploads.errors import UploadError
from mypolis.membership.uploads.form_files import received_from_form, takes_files


@takes_files
@for_members
def shelf(request: HttpRequest, market: str, account: Account) -> HttpResponse:
    """A form with the field of uploads."""
    problem = None
    if request.method == "POST":
        metadata = {"shelf": str(account.pk), "document": "photo"}
        files = request.FILES.getlist("photo")
        try:
            received_from_form(account=account, files=files, metadata=metadata, by=actor_of(request))
        except UploadError as error:
            problem = error.message
        else:
            return redirect("shelf", market)
    return render(request, "shelf/shelf.html", {"problem": problem}, status=422 if problem else 200)


@for_members
def listed(request: HttpRequest, market: str, account: Account) -> HttpResponse:
    """What is on the shelf: for each file its name, size, `sha256`, and the digest of what is `stored`."""
    files = ReceivedFile.objects.of(account).order_by("received_at")
    told = [{"name": one.name, "size": one.size, "sha256": one.sha256, "stored": _digest_of(one)} for one in files]
    return JsonResponse({"files": told})


def _digest_of(file: ReceivedFile) -> str:
    return hashlib.sha256(b"".join(open_received(file))).hexdigest()
