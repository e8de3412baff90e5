"""The list of claims, and the page of one claim."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mypolis.foundation.web.requests import actor_of
from mypolis.insurance.claims import access
from mypolis.insurance.claims.clinic_bills.answering import may_answer
from mypolis.insurance.claims.clinic_bills.answers import answer_about
from mypolis.insurance.claims.drafts.pages.draft_requests import Page, address_of
from mypolis.insurance.claims.lifecycle.following import answered_by_file
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.claims.pages.claim_list import claim_page
from mypolis.insurance.claims.pages.claim_requests import claim_or_404
from mypolis.insurance.claims.pages.forms import AnswerForm
from mypolis.insurance.claims.pages.headlines import headline, is_grave
from mypolis.insurance.claims.pages.statement import years_of
from mypolis.insurance.claims.pages.timeline import timeline
from mypolis.insurance.claims.presenters import ShownClaim, shown
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.views import for_members


@require_safe
@for_members
def claims(request: HttpRequest, market: str, account: Account) -> HttpResponse:
    """All claims that the member may see: open ones first, then drafts, then those that are over."""
    whose = request.GET.get("whose", "")
    page = claim_page(account, whose=whose, after=request.GET.get("after", ""))
    address = reverse("claims", args=[market])
    everybody = (address, _("Everybody"), page.whose is None)
    people = [(f"{address}?whose={one.pk}", one.display_name, one == page.whose) for one in page.people]
    chosen = {"whose": str(page.whose.pk)} if page.whose is not None else {}
    context = {
        "page": page,
        "people": [everybody, *people] if people else [],
        "first_url": f"{address}?{urlencode(chosen)}" if chosen else address,
        "more_url": f"{address}?{urlencode({**chosen, 'after': str(page.after)})}" if page.after else "",
        "years": years_of(account),
    }
    return render(request, "claims/claims.html", context)


@require_safe
@for_members
def claim(request: HttpRequest, market: str, account: Account, claim: str) -> HttpResponse:
    """One claim: a draft leads to its pages; of a sent one, where it is, what comes next, and everything about it."""
    found = claim_or_404(account, claim)
    if request.method == "GET":
        access.record_viewings(account, [found], by=actor_of(request))
    one = shown([found], account)[0]
    if found.is_draft:
        return redirect(address_of(found, _open_part(one)))
    return claim_shown(request, one)


def claim_shown(request: HttpRequest, one: ShownClaim, form: AnswerForm | None = None) -> HttpResponse:
    """The page of a sent claim; `form` holds answers that were refused."""
    can = one.can
    if form is None and "answer" in can:
        form = AnswerForm(one.open_questions, answered_by_file(one.claim, one.open_questions))
    context: dict[str, Any] = {
        "shown": one,
        "headline": headline(one),
        "steps": timeline(one),
        "can": can,
        "form": form,
        "answered": [question for question in one.claim.questions.all() if question.answered_at is not None],
        "is_grave": is_grave(one),
        "originals": one.originals,
        "whose": None if one.claim.membership.person_id == one.account.person_id else one.claim.membership.person,
        "asks_whose": may_answer(one.account, one.claim),
        "clinic_answer": answer_about(one.claim),
        "goes_on_as": _goes_on_as(one),
    }
    return render(request, "claims/claim.html", context, status=422 if form is not None and form.is_bound else 200)


def _goes_on_as(one: ShownClaim) -> Claim | None:
    """The claim of which this one is a duplicate. A proxy may have made it, so the member may not see it."""
    if one.claim.state != State.DUPLICATE or one.claim.related_id is None:
        return None
    return access.claims_of(one.account).filter(pk=one.claim.related_id).first()


def _open_part(draft: ShownClaim) -> Page:
    """The page of a draft on which to go on: its papers as long as one is missing, then the review."""
    return "documents" if any(one.section == "documents" for one in draft.missing) else "review"
