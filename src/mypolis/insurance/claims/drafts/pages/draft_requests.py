"""What the pages of a draft share: finding the draft that a request names, and where each page leads."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from mypolis.foundation.web.requests import actor_of
from mypolis.insurance.bank_accounts.access import accounts_for
from mypolis.insurance.claims import access
from mypolis.insurance.claims.benefits import benefit_of
from mypolis.insurance.claims.lifecycle.states import NotAllowed
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.claims.payees import may_add_account
from mypolis.insurance.coverage.plan_books.benefit_texts import say
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.views import for_members
from mypolis.membership.family.access import giver_of
from mypolis.membership.people.models import Person

type DraftView = Callable[..., HttpResponseBase]
type Page = Literal["documents", "bills", "pay", "review"]
_COUNTED: Final[tuple[Page, ...]] = ("documents", "bills", "review")
"""The pages that everybody fills in. Not all choose an account, so counting its page would change the total midway."""


def for_drafts(view: DraftView) -> DraftView:
    """Restrict a page to the draft's own member. The view gets the account, the draft and further arguments.

    What is not theirs is not found. A claim that was sent meanwhile leads to its page.
    """

    @wraps(view)
    @for_members
    def guarded(request: HttpRequest, market: str, account: Account, claim: UUID, **named: Any) -> HttpResponseBase:
        try:
            found = access.find(account, claim)
            if found.account_id != account.pk:
                raise access.UnknownClaim
            if not found.is_draft:
                return redirect("claim", market, claim)
            if request.method == "GET":
                access.record_viewings(account, [found], by=actor_of(request))
            return view(request, account, found, **named)
        except access.UnknownClaim:
            raise Http404("no such draft") from None
        except NotAllowed:
            return redirect("claim", market, claim)

    return guarded


@dataclass(frozen=True)
class About:
    """What every page of a draft says at its top: what the claim is for, and for whom, if that is somebody else.

    `acts_by` is what allows the member to act for an adult: their mandate or their consent.
    """

    claim: Claim
    benefit_name: str
    whose: Person | None
    acts_by: Literal["", "mandate", "consent"]


def about(account: Account, draft: Claim) -> About:
    """The head of a draft's pages."""
    benefit = benefit_of(draft)
    person = draft.membership.person
    is_own = person.pk == account.person_id
    acts_by: Literal["", "mandate", "consent"] = ""
    if draft.basis is not None:
        acts_by = "mandate" if giver_of(draft.basis) else "consent"
    return About(draft, say(benefit.name) if benefit else "", None if is_own else person, acts_by)


def steps(draft: Claim) -> list[Page]:
    """The pages of a draft in order. Once an account is chosen, the page for it is left out."""
    return ["documents", "bills", "review"] if draft.chosen_account else ["documents", "bills", "pay", "review"]


def head(account: Account, draft: Claim, page: Page) -> dict[str, Any]:
    """The context that each page has: its place among the others, and what the claim is about."""
    return {
        "about": about(account, draft),
        "claim": draft,
        "number": _COUNTED.index(page) + 1 if page in _COUNTED else None,
        "total": len(_COUNTED),
        "back_url": _address_before(draft, page),
    }


def _address_before(draft: Claim, page: Page) -> str:
    """Where "Back" leads. Who changes the account that they had chosen came from the review."""
    order = steps(draft)
    if page not in order:
        return address_of(draft, "review")
    place = order.index(page)
    return address_of(draft, order[place - 1]) if place else reverse("claims", args=[draft.market])


def address_of(draft: Claim, page: Page) -> str:
    """The address of a page of the draft."""
    return reverse(f"claim-{page}", args=[draft.market, draft.pk])


def address_after(account: Account, draft: Claim, page: Page) -> str:
    """Where to go after a page. Somebody without a bank account adds one, and comes back to the review."""
    order = steps(draft)
    following = order[order.index(page) + 1] if page in order else "review"
    if following == "pay" and may_add_account(account, draft) and not accounts_for(account):
        return address_of_new_account(draft)
    return address_of(draft, following)


def address_of_new_account(draft: Claim) -> str:
    """The journey that adds a bank account and comes back to the review of this draft."""
    return f"{reverse('bank-account', args=[draft.market])}?{urlencode({'return_to': f'draft:{draft.pk}'})}"
