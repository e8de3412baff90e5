import hashlib
from io import BytesIO

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from PIL import Image

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
    """What is on the shelf: for each file its name, size, `sha256`, the digest of what is `stored`, and its pixels."""
    files = ReceivedFile.objects.of(account).order_by("received_at")
    return JsonResponse({"files": [_told(one) for one in files]})


def _told(file: ReceivedFile) -> dict[str, object]:
    content = b"".join(open_received(file))
    stored, pixels = hashlib.sha256(content).hexdigest(), None
    if content.startswith(b"\xff\xd8"):
        pixels = Image.open(BytesIO(content)).size
    return {"name": file.name, "size": file.size, "sha256": file.sha256, "stored": stored, "pixels": pixels}
