"""Questions to the member: asked together, with a warning when something like them came before."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from mypolis.foundation.lib.text.clean_text import UnsafeText
from mypolis.foundation.staff.access import needs
from mypolis.foundation.web.form_fields.fields import UNSAFE
from mypolis.foundation.web.requests import actor_of
from mypolis.insurance.claims.desk.pages.claim_page import claim_page, frame_of
from mypolis.insurance.claims.desk.pages.opened import Opened, open_claim, open_health
from mypolis.insurance.claims.desk.pages.questions.questions_form import QuestionsForm
from mypolis.insurance.claims.desk.questions import AskedBefore, ask_member, ready_questions
from mypolis.insurance.claims.desk.refusals import Refused
from mypolis.insurance.claims.lifecycle.states import NotAllowed, State
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.claims.rights import ASSESS_CLAIMS

_NOBODY = _("This claim cannot be asked about: a clinic sent it, or it has moved on.")


@needs(ASSESS_CLAIMS)
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest, market: str, number: str) -> HttpResponse:
    """Shows what was asked and answered; asks all chosen questions at once."""
    found = open_health(request, market, number)
    claim = found.claim
    ready, sent = ready_questions(claim), request.POST if request.method == "POST" else None
    form = QuestionsForm(ready, _language_of(claim), claim.version, sent)
    if not form.is_bound or not form.is_valid():
        return _page(request, found, form)
    clean, by = form.cleaned_data, actor_of(request)
    try:
        ask_member(
            claim=claim,
            questions=form.questions,
            version=clean["version"],
            staff=found.staff,
            by=by,
            again=clean["again"],
        )
    except Refused as refused:
        return claim_page(request, open_claim(request, market, number), refused.sentence)
    except AskedBefore as before:
        return _page(request, found, form, before=before)
    except NotAllowed:
        form.add_error(None, _NOBODY)
        return _page(request, found, form)
    except UnsafeText:
        form.add_error("own", UNSAFE)
        return _page(request, found, form)
    return redirect("desk-claim-questions", market, number)


def _page(request: HttpRequest, found: Opened, form: QuestionsForm, before: AskedBefore | None = None) -> HttpResponse:
    context: dict[str, Any] = frame_of(found, "questions") | {
        "form": form,
        "asked": found.claim.questions.prefetch_related("files"),
        "before": before.found if before is not None else (),
        "may_ask": found.how == "in_hand" and found.claim.in_state in (State.IN_REVIEW, State.WAITING),
    }
    return render(request, "claims/desk/questions.html", context, status=422 if form.is_bound else 200)


def _language_of(claim: Claim) -> str:
    """The member's language, if the market speaks it."""
    language = claim.account.language if claim.account is not None else ""
    return language if language in claim.profile.languages else claim.profile.default_language
