"""A member's pages about guarantees: all of them, and one with its letter."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from mypolis.foundation.files.serving import serve
from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.lib.money import Money
from mypolis.foundation.web.requests import actor_of
from mypolis.foundation.web.views import limit_page
from mypolis.insurance.coverage.plan_books.benefit_texts import say
from mypolis.insurance.coverage.plan_books.plan_lookup import plan_on
from mypolis.insurance.guarantees.access import UnknownGuarantee, find, guarantees_of, record_viewings
from mypolis.insurance.guarantees.forms import AskForm
from mypolis.insurance.guarantees.letters.letters import newest_paper
from mypolis.insurance.guarantees.lifecycle.asking import Refused, ask_as_member
from mypolis.insurance.guarantees.lifecycle.reasons import said
from mypolis.insurance.guarantees.lifecycle.states import STATE_LABELS, State
from mypolis.insurance.guarantees.models import Guarantee
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.views import for_members
from mypolis.membership.family.access import NotSeen

_SHOWN = 100


@require_safe
@for_members
def guarantees(request: HttpRequest, market: str, account: Account) -> HttpResponse:
    """All guarantees that the member may see, newest first."""
    rows = [(one, STATE_LABELS[one.in_state]) for one in guarantees_of(account)[:_SHOWN]]
    return render(request, "guarantees/guarantees.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def ask(request: HttpRequest, market: str, account: Account) -> HttpResponse:
    """Ask for a guarantee. What the flow refuses is shown at its field."""
    form = AskForm(account, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = ask_as_member(
                account=account, membership=form.cleaned_data["cover"], wish=form.wish, by=actor_of(request)
            )
        except Refused as refused:
            form.add_refusal(refused)
        except NotSeen:
            raise Http404("no such cover") from None
        except LimitReached as limit:
            return limit_page(request, limit.until)
        else:
            return redirect("guarantee", market, made.pk)
    return render(request, "guarantees/ask.html", {"form": form}, status=422 if form.is_bound else 200)


@require_safe
@for_members
def guarantee(request: HttpRequest, market: str, account: Account, guarantee: str) -> HttpResponse:
    """One guarantee: its state, what it promises, what happened, and what to do at the clinic."""
    found = _opened(request, account, guarantee)
    plan = plan_on(found.membership, found.planned_from)
    benefit = plan.benefit(found.benefit) if plan is not None else None
    changes = [
        (STATE_LABELS[State(change.after)], change, said(change.code, change.reason)) for change in found.changes.all()
    ]
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
