"""The page of one claim: documents on one side, the lines to decide on the other. Several views draw it again."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.lib.money import Money
from mypolis.insurance.claims.desk.assessment import AssessedLine, Assessment, assess
from mypolis.insurance.claims.desk.basis import Basis
from mypolis.insurance.claims.desk.facts import signs_here
from mypolis.insurance.claims.desk.in_hand import CAN_BE_HELD
from mypolis.insurance.claims.desk.looking import REASONS
from mypolis.insurance.claims.desk.pages.documents import documents_of
from mypolis.insurance.claims.desk.pages.line_form import LineForm
from mypolis.insurance.claims.desk.pages.line_rows import assessed_rows, decided_rows
from mypolis.insurance.claims.desk.pages.opened import Opened
from mypolis.insurance.claims.desk.pages.wording import BADGES, CHANGED, STATES
from mypolis.insurance.claims.desk.refusals import Refused, Why
from mypolis.insurance.claims.lifecycle.sentences import next_step
from mypolis.insurance.claims.lifecycle.states import UNDECIDED
from mypolis.insurance.claims.models import Appeal, Claim, StateChange

_LAST = 3
_TABS: Sequence[tuple[str, str, str, Promise]] = (
    ("claim", "desk-claim", "c", pgettext_lazy("page", "Assess")),
    ("decision", "desk-claim-decision", "d", pgettext_lazy("page", "Decide")),
    ("facts", "desk-claim-facts", "f", pgettext_lazy("page", "Facts")),
    ("earlier", "desk-claim-earlier", "e", _("Earlier claims")),
    ("questions", "desk-claim-questions", "q", pgettext_lazy("page", "Questions")),
    ("history", "desk-claim-history", "h", pgettext_lazy("page", "Timeline")),
    ("member-view", "desk-claim-member-view", "m", _("Member’s view")),
)
"""The pages of a claim: name, route, key and label of each."""


def frame_of(found: Opened, tab: str) -> dict[str, Any]:
    """What the head of all pages of one claim shows; no health data. `tab` names the page."""
    claim = found.claim
    return {
        "opened": found,
        "claim": claim,
        "tab": tab,
        "tabs": [one for one in _TABS if one[0] != "decision" or found.may_decide],
        "state": STATES[claim.in_state],
        "state_kind": BADGES.get(claim.in_state, "info"),
        "is_appeal": claim.decided_at is not None and claim.in_state in UNDECIDED,
        "today": claim.profile.today(),
        "in_hand": found.holder,
        "can_be_held": claim.in_state in CAN_BE_HELD and not found.waits,
    }


def claim_page(
    request: HttpRequest, found: Opened, problem: str = "", form: LineForm | None = None, *, status: int = 0
) -> HttpResponse:
    """Draw the page of a claim; `problem` says why something was refused. Without a right to see, only its head."""
    context = frame_of(found, "claim") | {
        "problem": problem,
        "reasons": REASONS.items(),
        "next": next_step(found.claim),
        "said": _said(found),
        "billed": _billed(found),
        "own": Refused(Why.OWN_OR_FAMILY, who_can="assessor").sentence if found.is_own else "",
    }
    if found.how != "closed":
        context |= _workbench(request, found, form)
    is_refused = bool(problem) or (form is not None and form.is_bound)
    return render(request, "claims/desk/claim.html", context, status=status or (422 if is_refused else 200))


def line_at(assessment: Assessment, place: str) -> AssessedLine | None:
    """The line that an address names by its place, counted from 0; None if there is no such line."""
    if not (place.isascii() and place.isdigit() and len(place) < 5):
        return None
    return next((one for one in assessment.lines if one.line.place == int(place)), None)


def _workbench(request: HttpRequest, found: Opened, form: LineForm | None) -> dict[str, Any]:
    claim, draft = found.claim, found.draft
    documents = {"documents": documents_of(claim)}
    decision = claim.last_decision if claim.in_state not in UNDECIDED else None
    if decision is not None:
        return documents | {"lines": decided_rows(claim, decision)}
    assessment = assess(claim, draft)
    named = line_at(assessment, request.GET.get("line", "")) if found.may_change else None
    if form is None and named is not None and draft is not None:
        form = LineForm(named, assessment.currency, draft.version)
    changed = Basis.from_json(draft.basis).changed_to(assessment.basis) if draft is not None else ()
    return documents | {
        "lines": assessed_rows(assessment),
        "form": form,
        "granted": _sum(assessment, "granted"),
        "own_share": _sum(assessment, "own_share"),
        "changed": [CHANGED[one] for one in changed],
        "signs": signs_here(assessment),
        "draft": draft,
        "appeal": _appeal(claim),
        "is_ready": not assessment.problems,
    }


def _appeal(claim: Claim) -> Appeal | None:
    """The appeal that is to be decided; None for a claim that was not decided before."""
    return Appeal.objects.filter(decision__claim=claim).order_by("-at").first() if claim.decided_at else None


def _sum(assessment: Assessment, name: str) -> Money | None:
    return Money(getattr(assessment, name), assessment.currency) if assessment.currency else None


def _billed(found: Opened) -> Money | None:
    claim = found.claim
    return Money(claim.billed, claim.billed_in) if claim.billed is not None and claim.billed_in else None


def _said(found: Opened) -> Sequence[tuple[StateChange, str]]:
    """The last messages to the member; for somebody who may not see health data only when they were sent."""
    language = get_language() or found.claim.profile.default_language
    rows = StateChange.objects.filter(claim=found.claim).order_by("-at", "-pk")[: _LAST * 2]
    told = [(row, row.sentence(language) if found.how != "closed" else "") for row in rows if row.sentences]
    return told[:_LAST]
