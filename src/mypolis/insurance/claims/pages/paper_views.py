"""The explanation of benefits as a page, and the papers about claims as PDF."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mypolis.foundation.files.serving import PDF, protect
from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.web.requests import actor_of
from mypolis.foundation.web.views import limit_page
from mypolis.insurance.claims import access
from mypolis.insurance.claims.pages.claim_requests import not_now, sent_or_404
from mypolis.insurance.claims.pages.explanation import explanation_of
from mypolis.insurance.claims.pages.headlines import is_grave
from mypolis.insurance.claims.pages.papers import acknowledgement_pdf, explanation_pdf, statement_pdf
from mypolis.insurance.claims.pages.statement import statement_of, years_of
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.views import for_members


@require_safe
@for_members
def explanation(request: HttpRequest, market: str, account: Account, claim: str) -> HttpResponse:
    """The decision line by line: billed, covered, the member's share and why, the plan's words, how to appeal."""
    one = sent_or_404(request, account, claim)
    explained = explanation_of(one)
    if explained is None:
        return not_now(request, account, claim)
    context = {
        "explained": explained,
        "shown": one,
        "can": one.can,
        "is_grave": is_grave(one),
    }
    return render(request, "claims/explanation.html", context)


@require_safe
@for_members
def explanation_paper(request: HttpRequest, market: str, account: Account, claim: str) -> HttpResponse:
    """The explanation of benefits as PDF."""
    one = sent_or_404(request, account, claim)
    explained = explanation_of(one)
    if explained is None:
        return not_now(request, account, claim)
    try:
        return _paper(explanation_pdf(explained), f"{_('Explanation of benefits')} {one.claim.number}.pdf")
    except LimitReached as limit:
        return limit_page(request, limit.until)


@require_safe
@for_members
def acknowledgement_paper(request: HttpRequest, market: str, account: Account, claim: str) -> HttpResponse:
    """The acknowledgement of a sent claim as PDF, with the digest and size of each file."""
    one = sent_or_404(request, account, claim)
    try:
        return _paper(acknowledgement_pdf(one), f"{_('We have your claim')} {one.claim.number}.pdf")
    except LimitReached as limit:
        return limit_page(request, limit.until)


@require_safe
@for_members
def statement_paper(request: HttpRequest, market: str, account: Account, year: int) -> HttpResponse:
    """The yearly statement as PDF. Claims of other people in it count as opened."""
    people = statement_of(account, year) if year in years_of(account) else []
    if not people:
        raise Http404("no claims in that year")
    try:
        pdf = statement_pdf(account, year, people)
    except LimitReached as limit:
        return limit_page(request, limit.until)
    if request.method != "HEAD":
        access.record_viewings(account, [one.claims[0].claim for one in people], by=actor_of(request))
    return _paper(pdf, f"{_('Your claims in %(year)s') % {'year': year}}.pdf")


def _paper(pdf: bytes, name: str) -> HttpResponse:
    response = HttpResponse(pdf, content_type=PDF)
    protect(response, name=name, inline=True)
    return response
