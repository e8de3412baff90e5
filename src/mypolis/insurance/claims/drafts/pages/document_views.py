"""The page on which photos and PDFs are added to a draft."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from mypolis.foundation.web.requests import actor_of
from mypolis.insurance.claims import access
from mypolis.insurance.claims.drafts import flows
from mypolis.insurance.claims.drafts.checklist import checklist
from mypolis.insurance.claims.drafts.pages.draft_requests import address_after, address_of, for_drafts, head
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.claims.presenters import shown
from mypolis.membership.accounts.models import Account
from mypolis.membership.uploads.errors import UploadError
from mypolis.membership.uploads.form_files import received_from_form, takes_files


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
@for_drafts
def documents(request: HttpRequest, account: Account, draft: Claim) -> HttpResponse:
    """The benefit's papers, each with its files. Without script, the form uploads files."""
    problems = _added(request, account, draft) if request.method == "POST" else {}
    if request.method == "POST" and not problems:
        return redirect(address_after(account, draft, "documents"))
    found = checklist(shown([access.find(account, draft.pk)], account)[0], access.claims_of(account), problems)
    context = head(account, draft, "documents") | {"documents": found}
    return render(request, "claims/drafts/documents.html", context, status=422 if problems else 200)


def _added(request: HttpRequest, account: Account, draft: Claim) -> dict[str, str]:
    """Add the files of the form; returns what is wrong with them, by the kind of paper."""
    problems = {}
    for kind in request.FILES:
        try:
            received_from_form(
                account=account,
                files=request.FILES.getlist(kind),
                metadata={"claim": str(draft.pk), "document": kind},
                by=actor_of(request),
            )
        except UploadError as error:
            problems[kind] = str(error.message)
    return problems


@require_POST
@for_drafts
def remove_file(request: HttpRequest, account: Account, draft: Claim, file: UUID) -> HttpResponse:
    """Remove a file; one that is gone already stays gone."""
    flows.remove_file(account=account, claim=draft.pk, file=file, by=actor_of(request))
    return redirect(address_of(draft, "documents"))
