"""The page before a decision: what the member will read, in each language, and what the button does."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from mypolis.foundation.lib.money import Money
from mypolis.insurance.claims.desk.assessment import Assessment, assess
from mypolis.insurance.claims.desk.authority import authority_of, may_confirm
from mypolis.insurance.claims.desk.basis import Basis
from mypolis.insurance.claims.desk.outcomes.preview import digest_of, preview
from mypolis.insurance.claims.desk.pages.claim_page import frame_of
from mypolis.insurance.claims.desk.pages.opened import Opened
from mypolis.insurance.claims.lifecycle.states import State


def decision_page(request: HttpRequest, found: Opened, problem: str = "") -> HttpResponse:
    """Draw the page of a decision. A claim that cannot be decided yet leads back to its own page, which says why."""
    claim, draft = found.claim, found.draft
    assessment = assess(claim, draft)
    if draft is None or assessment.problems or Basis.from_json(draft.basis).changed_to(assessment.basis):
        return redirect(_back(found, assessment))
    previews = preview(assessment)
    is_second, authority = claim.in_state == State.SECOND_REVIEW, authority_of(found.staff, claim)
    context = frame_of(found, "decision") | {
        "previews": previews.items(),
        "version": draft.version,
        "digest": digest_of(previews),
        "granted": Money(assessment.granted, assessment.currency),
        "own_share": Money(assessment.own_share, assessment.currency),
        "result": assessment.result,
        "authority": Money(authority, assessment.currency),
        "is_second": is_second,
        "may_confirm": is_second and may_confirm(found.staff, claim, assessment.granted),
        "goes_on": not is_second and (assessment.is_raised or assessment.granted > authority),
        "is_raised": assessment.is_raised,
        "draft": draft,
        "problem": problem,
    }
    return render(request, "claims/desk/decision.html", context, status=409 if problem else 200)


def _back(found: Opened, assessment: Assessment) -> str:
    """The claim's page, with the form of the first line that cannot be decided yet."""
    page = reverse("desk-claim", args=[found.claim.market, found.claim.number])
    open_line = next((one for one in assessment.lines if one.problem), None)
    if open_line is None or not found.may_change:
        return page
    field = "rate" if open_line.problem == "question" and open_line.line.rate is None else "granted"
    return f"{page}?line={open_line.line.place}#id_{field}"
