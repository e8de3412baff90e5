"""The last page of a draft: everything at a glance, what is missing, and the button that sends it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from mypolis.foundation.lib.money import Money
from mypolis.foundation.web.requests import actor_of
from mypolis.insurance.bank_accounts.access import UnknownBankAccount, default_account
from mypolis.insurance.claims import access
from mypolis.insurance.claims.drafts.estimate import estimate_of, granted_in
from mypolis.insurance.claims.drafts.flows import choose_account
from mypolis.insurance.claims.drafts.pages.draft_requests import address_of, for_drafts, head
from mypolis.insurance.claims.drafts.review import Lacking, answers_of, lacking_of
from mypolis.insurance.claims.lifecycle.sending import Incomplete, submit
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.claims.payees import payee_of
from mypolis.insurance.claims.presenters import shown
from mypolis.insurance.claims.repeats import repeated
from mypolis.membership.accounts.models import Account


@require_http_methods(["GET", "HEAD", "POST"])
@for_drafts
def review(request: HttpRequest, account: Account, draft: Claim) -> HttpResponse:
    """Everything on one page; POST sends the claim. Sending twice sends it once."""
    if request.method != "POST":
        return _page(request, account, draft)
    wanted, seen = request.POST.get("pay_to", ""), request.POST.get("seen", "")
    now = estimate_of(draft)
    if seen and now is not None and now.mark != seen:
        return _page(request, account, draft, before=granted_in(seen), status=409)
    try:
        if wanted and draft.chosen_account is None:
            choose_account(account=account, claim=draft.pk, bank_account=UUID(wanted), by=actor_of(request))
        submit(account=account, claim=draft.pk, by=actor_of(request))
    except (UnknownBankAccount, ValueError):
        return redirect(address_of(draft, "pay"))
    except Incomplete:
        return _page(request, account, access.find(account, draft.pk), status=422)
    return redirect("claim", draft.market, draft.pk)


def _page(
    request: HttpRequest, account: Account, draft: Claim, *, before: Money | None = None, status: int = 200
) -> HttpResponse:
    """The page. `before`: what the plan would have paid when the page was last shown, if that has changed."""
    one = shown([draft], account)[0]
    pay_to = draft.chosen_account or default_account(payee_of(draft, account))
    lacking: list[Lacking] = lacking_of(one, without_account=pay_to is None)
    context: dict[str, Any] = {
        "shown": one,
        "lacking": lacking,
        "answers": answers_of(one),
        "estimate": (estimate := estimate_of(draft)),
        "bills": [(line, estimate.lines.get(str(line.line.pk)) if estimate else None) for line in one.lines],
        "before": before,
        "pay_to": pay_to,
        "repeats": list(repeated(draft, access.claims_of(account)).values()),
        "rules": draft.profile.claims,
        "originals": one.originals,
    }
    return render(request, "claims/drafts/review.html", head(account, draft, "review") | context, status=status)
