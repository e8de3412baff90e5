"""The page on which photos and PDFs are added to a draft."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from mypolis.foundation.web.requests import actor_of
from mypolis.insurance.claims.drafts import flows
from mypolis.insurance.claims.drafts.checklist import checklist
from mypolis.insurance.claims.drafts.draft_requests import address_after, address_of, for_drafts, head
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.claims.presenters import shown
from mypolis.membership.accounts.models import Account


@require_http_methods(["GET", "HEAD", "POST"])
@for_drafts
def documents(request: HttpRequest, account: Account, draft: Claim) -> HttpResponse:
    """The benefit's papers, each with its files; without a script the form brings files, too."""
    if request.method == "POST":
        return redirect(address_after(account, draft, "documents"))
    context = {"documents": checklist(shown([draft], account)[0])}
    return render(request, "claims/drafts/documents.html", head(account, draft, "documents") | context)


@require_POST
@for_drafts
def remove_file(request: HttpRequest, account: Account, draft: Claim, file: UUID) -> HttpResponse:
    """Remove a file; one that is gone already stays gone."""
    flows.remove_file(account=account, claim=draft.pk, file=file, by=actor_of(request))
    return redirect(address_of(draft, "documents"))
