"""What stands beside a claim: facts, its timeline, and what the member sees."""

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mypolis.foundation.staff.access import needs
from mypolis.insurance.claims.desk.facts import history_of, history_of_provider, signs_elsewhere
from mypolis.insurance.claims.desk.limits_left import limits_left
from mypolis.insurance.claims.desk.pages.claim_page import frame_of
from mypolis.insurance.claims.desk.pages.evidence import happened, limit_rows, pairs
from mypolis.insurance.claims.desk.pages.opened import open_health
from mypolis.insurance.claims.desk.pages.wording import BADGES, STATES
from mypolis.insurance.claims.pages.headlines import headline
from mypolis.insurance.claims.pages.timeline import timeline
from mypolis.insurance.claims.presenters import shown
from mypolis.insurance.claims.rights import ASSESS_CLAIMS
from mypolis.insurance.coverage.plan_books.benefit_names import benefit_names


@needs(ASSESS_CLAIMS)
@require_safe
def facts(request: HttpRequest, market: str, number: str) -> HttpResponse:
    """Limits on the day of treatment and today, the same bill or file elsewhere."""
    found = open_health(request, market, number)
    claim = found.claim
    prefetch_related_objects([claim], "lines")
    lines = list(claim.lines.all())
    benefits = frozenset(line.benefit or claim.benefit for line in lines) | {claim.benefit}
    signs = signs_elsewhere(claim)
    context = {
        "limits": limit_rows(limits_left(claim, benefits), benefit_names(market)),
        "signs": signs,
        "pairs": pairs(claim, lines, signs),
    }
    return render(request, "claims/desk/facts.html", frame_of(found, "facts") | context)


@needs(ASSESS_CLAIMS)
@require_safe
def earlier(request: HttpRequest, market: str, number: str) -> HttpResponse:
    """Other claims of the member and the family, and of other families with the same provider; the newest first."""
    found = open_health(request, market, number)
    rows = [(one, STATES[one.state], BADGES.get(one.state, "info")) for one in history_of(found.claim)]
    others = [(one, STATES[one.state], BADGES.get(one.state, "info")) for one in history_of_provider(found.claim)]
    context = {"earlier": rows, "of_provider": others}
    return render(request, "claims/desk/earlier.html", frame_of(found, "earlier") | context)


@needs(ASSESS_CLAIMS)
@require_safe
def history(request: HttpRequest, market: str, number: str) -> HttpResponse:
    """Everything that happened to a claim, the newest first, with who did it."""
    found = open_health(request, market, number)
    return render(request, "claims/desk/history.html", frame_of(found, "history") | {"happened": happened(found.claim)})


@needs(ASSESS_CLAIMS)
@require_safe
def member_view(request: HttpRequest, market: str, number: str) -> HttpResponse:
    """What the member sees of a claim, to read only; for a clinic's bill that nobody took up there is nothing."""
    found = open_health(request, market, number)
    context = frame_of(found, "member-view")
    account = found.claim.account
    if account is not None:
        one = shown([found.claim], account, with_files=False)[0]
        context |= {"headline": headline(one), "steps": timeline(one), "shown": one}
    return render(request, "claims/desk/member_view.html", context)
