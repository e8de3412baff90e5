"""The files of a claim: a preview, and the cleaned file. What was received is never served."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from mypolis.foundation.files.models import ReceivedFile, ReceivedState
from mypolis.foundation.files.serving import serve, serve_preview
from mypolis.foundation.web.requests import actor_of
from mypolis.insurance.claims import access
from mypolis.insurance.claims.pages.claim_requests import claim_or_404
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.views import for_members


@require_safe
@for_members
def file(request: HttpRequest, market: str, account: Account, claim: str, file: str) -> HttpResponseBase:
    """A preview of a page (`?page=2`), or the cleaned copy (`?full=1`). Files that are not clean are not found."""
    owner = claim_or_404(account, claim)
    rows = ReceivedFile.objects.of(owner).filter(pk=file, state=ReceivedState.CLEAN).select_related("cleaned")
    found = rows.first()
    if found is None or found.cleaned is None:
        raise Http404("no such clean file")
    if request.method != "HEAD":
        access.record_viewings(account, [owner], by=actor_of(request))
    if request.GET.get("full") == "1":
        return serve(request, found.cleaned, owner=owner, inline=True)
    return serve_preview(request, found, _page(request))


def _page(request: HttpRequest) -> int:
    """The page that the request names, from 1 on; anything else is the first."""
    named = request.GET.get("page", "")
    return max(1, int(named)) if named.isascii() and named.isdigit() and len(named) < 6 else 1
