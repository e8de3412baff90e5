"""The files of a claim: a preview, and the cleaned file. What was received is never served."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from mypolis.foundation.files.models import ReceivedFile, ReceivedState
from mypolis.foundation.files.serving import serve
from mypolis.foundation.web.requests import actor_of
from mypolis.insurance.claims import access
from mypolis.insurance.claims.pages.claim_requests import claim_or_404
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.views import for_members


@require_safe
@for_members
def file(request: HttpRequest, market: str, account: Account, claim: str, file: str) -> HttpResponseBase:
    """The cleaned copy of a file. One that is still being checked or was refused is not found."""
    owner = claim_or_404(account, claim)
    rows = ReceivedFile.objects.of(owner).filter(pk=file, state=ReceivedState.CLEAN).select_related("cleaned")
    found = rows.first()
    if found is None or found.cleaned is None:
        raise Http404("no such clean file")
    if request.method != "HEAD":
        access.record_look(account, owner, by=actor_of(request))
    return serve(request, found.cleaned, owner=owner, inline=True)
