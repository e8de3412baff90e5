"""A member's pages about guarantees: all of them, and one with its letter."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mypolis.foundation.files.serving import serve
from mypolis.foundation.lib.money import Money
from mypolis.foundation.web.requests import actor_of
from mypolis.insurance.coverage.plan_books.benefit_texts import say
from mypolis.insurance.coverage.plan_books.plan_lookup import plan_on
from mypolis.insurance.guarantees.access import UnknownGuarantee, find, guarantees_of, record_viewings
from mypolis.insurance.guarantees.letters.letters import newest_paper
from mypolis.insurance.guarantees.lifecycle.states import STATE_LABELS, State
from mypolis.insurance.guarantees.models import Guarantee
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.views import for_members

_SHOWN = 100


@require_safe
@for_members
def guarantees(request: HttpRequest, market: str, account: Account) -> HttpResponse:
    """All guarantees that the member may see, newest first."""
    rows = [(one, STATE_LABELS[one.in_state]) for one in guarantees_of(account)[:_SHOWN]]
    return render(request, "guarantees/guarantees.html", {"rows": rows})


@require_safe
@for_members
def guarantee(request: HttpRequest, market: str, account: Account, guarantee: str) -> HttpResponse:
    """One guarantee: its state, what it promises, what happened, and what to do at the clinic."""
    found = _opened(request, account, guarantee)
    plan = plan_on(found.membership, found.planned_from)
    benefit = plan.benefit(found.benefit) if plan is not None else None
    changes = [(STATE_LABELS[State(change.after)], change) for change in found.changes.all()]
    context = {
        "one": found,
        "sums": {name: Money(getattr(found, name), found.currency) for name in ("expected", "promised", "own_share")},
        "label": STATE_LABELS[found.in_state],
        "benefit": say(benefit.name) if benefit is not None else "",
        "changes": changes,
        "has_letter": found.letters.exists(),
    }
    return render(request, "guarantees/guarantee.html", context)


@require_safe
@for_members
def letter(request: HttpRequest, market: str, account: Account, guarantee: str) -> HttpResponseBase:
    """The newest letter, as it was issued."""
    found = newest_paper(_opened(request, account, guarantee))
    if found is None:
        raise Http404("no letter yet")
    owner, file = found
    return serve(request, file, owner=owner, inline=True)


def _opened(request: HttpRequest, account: Account, guarantee: str) -> Guarantee:
    """A guarantee that the member opens; records the viewing of somebody else's."""
    try:
        found = find(account, guarantee)
    except UnknownGuarantee:
        raise Http404("no such guarantee") from None
    if request.method == "GET":
        record_viewings(account, [found], by=actor_of(request))
    return found
