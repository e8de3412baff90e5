"""Assessing a claim: saving a line, renewing a stale draft, reading what the member will read, deciding."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from mypolis.foundation.lib.text.clean_text import UnsafeText
from mypolis.foundation.staff.access import needs
from mypolis.foundation.web.form_fields.fields import UNSAFE
from mypolis.foundation.web.requests import actor_of
from mypolis.insurance.claims.desk.assessment import assess
from mypolis.insurance.claims.desk.draft_decision import DraftChanged, Unusable, renew, save_line
from mypolis.insurance.claims.desk.outcomes import deciding
from mypolis.insurance.claims.desk.outcomes.deciding import NotPreviewed, Stale, Undecidable
from mypolis.insurance.claims.desk.outcomes.waiting import enter, take_back
from mypolis.insurance.claims.desk.pages.claim_page import claim_page
from mypolis.insurance.claims.desk.pages.decision_page import decision_page
from mypolis.insurance.claims.desk.pages.line_form import LineForm
from mypolis.insurance.claims.desk.pages.opened import open_claim, open_health
from mypolis.insurance.claims.desk.pages.wording import DRAFT_CHANGED, FIELD_PROBLEMS, NOT_PREVIEWED
from mypolis.insurance.claims.desk.refusals import Refused
from mypolis.insurance.claims.models import AssessmentDraft, Claim, Line
from mypolis.insurance.claims.rights import ASSESS_CLAIMS, REVIEW_ASSESSMENTS


@needs(ASSESS_CLAIMS)
@require_POST
def save(request: HttpRequest, market: str, number: str, line: UUID) -> HttpResponse:
    """Saves what was typed about a line."""
    found = open_health(request, market, number)
    assessment = assess(found.claim, found.draft)
    one = next((one for one in assessment.lines if one.line.pk == line), None)
    if one is None or found.draft is None:
        raise Http404("no such line")
    form = LineForm(one, assessment.currency, found.draft.version, request.POST)
    if not form.is_valid():
        return claim_page(request, found, form=form)
    version = form.cleaned_data["version"]
    try:
        draft = save_line(
            claim=found.claim, line=line, typed=form.typed, version=version, staff=found.staff, by=actor_of(request)
        )
    except Refused as refused:
        return claim_page(request, open_claim(request, market, number), refused.sentence)
    except DraftChanged:
        return claim_page(request, found, str(DRAFT_CHANGED), status=409)
    except UnsafeText:
        form.add_error("note", UNSAFE)
        return claim_page(request, found, form=form)
    except Unusable as unusable:
        name = unusable.field if unusable.field in form.fields else None
        form.add_error(name, FIELD_PROBLEMS.get(unusable.field, FIELD_PROBLEMS["line"]))
        return claim_page(request, found, form=form)
    return redirect(_after_saving(found.claim, draft, one.line))


@needs(ASSESS_CLAIMS)
@require_POST
def renew_draft(request: HttpRequest, market: str, number: str) -> HttpResponse:
    """Lets the draft rest on the claim, plan and limits of now."""
    found = open_health(request, market, number)
    try:
        renew(claim=found.claim, version=_version(request), staff=found.staff, by=actor_of(request))
    except Refused as refused:
        return claim_page(request, open_claim(request, market, number), refused.sentence)
    except DraftChanged:
        return claim_page(request, found, str(DRAFT_CHANGED), status=409)
    return redirect("desk-claim", market, number)


@needs(ASSESS_CLAIMS)
@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: HttpRequest, market: str, number: str) -> HttpResponse:
    """Shows what the member will read in each language; decides, or confirms what somebody else assessed."""
    found = open_health(request, market, number)
    if request.method != "POST":
        return decision_page(request, found) if found.may_decide else redirect("desk-claim", market, number)
    previewed, version = request.POST.get("previewed", ""), _version(request)
    try:
        enter(claim=found.claim, version=version, previewed=previewed, staff=found.staff, by=actor_of(request))
    except Refused as refused:
        return claim_page(request, open_claim(request, market, number), refused.sentence)
    except DraftChanged:
        return decision_page(request, found, str(DRAFT_CHANGED))
    except NotPreviewed:
        return decision_page(request, found, str(NOT_PREVIEWED))
    except (Stale, Undecidable):  # the claim's page says what changed, and which lines cannot be decided
        return claim_page(request, open_claim(request, market, number), status=409)
    return redirect("desk-claim", market, number)


@needs(ASSESS_CLAIMS)
@require_POST
def undo(request: HttpRequest, market: str, number: str) -> HttpResponse:
    """Takes one's own decision back, before the member reads it."""
    found = open_claim(request, market, number)
    try:
        take_back(claim=found.claim, staff=found.staff, by=actor_of(request))
    except Refused as refused:
        return claim_page(request, open_claim(request, market, number), refused.sentence)
    return redirect("desk-claim", market, number)


@needs(REVIEW_ASSESSMENTS)
@require_POST
def send_back(request: HttpRequest, market: str, number: str) -> HttpResponse:
    """Sends an assessment back with a remark."""
    found = open_health(request, market, number)
    remark = request.POST.get("remark", "")
    try:
        deciding.send_back(claim=found.claim, remark=remark, staff=found.staff, by=actor_of(request))
    except Refused as refused:
        return claim_page(request, open_claim(request, market, number), refused.sentence)
    except UnsafeText:
        return decision_page(request, found, str(UNSAFE))
    return redirect("desk-claim", market, number)


def _version(request: HttpRequest) -> int:
    """The version of the draft that the page showed; 0, which no draft has, for anything that we did not write."""
    named = request.POST.get("version", "")
    return int(named) if named.isascii() and named.isdigit() and len(named) < 10 else 0


def _after_saving(claim: Claim, draft: AssessmentDraft, line: Line) -> str:
    """The address of the saved line; its form stays open at the reason while less is granted without one."""
    saved = next(one for one in assess(claim, draft).lines if one.line.pk == line.pk)
    page = reverse("desk-claim", args=[claim.market, claim.number])
    return f"{page}?line={line.place}#id_reason" if saved.problem == "no_reason" else f"{page}#line-{line.place}"
