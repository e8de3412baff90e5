"""Claims for the core system: read what members sent; send decisions, payments and questions."""

from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja import Query, Router

from mypolis.doors.integrations.access import Partner, partner_of
from mypolis.foundation.files.models import ReceivedFile, ReceivedState
from mypolis.foundation.files.serving import CLEANED, file_answer, serve
from mypolis.foundation.journeys.schemas import ProblemDoc
from mypolis.foundation.lib.text.clean_text import UnsafeText
from mypolis.foundation.web.form_fields.fields import UNSAFE
from mypolis.foundation.web.problems import problem
from mypolis.foundation.web.requests import market_or_404
from mypolis.insurance.claims.as_json.examples import DECISION, sent
from mypolis.insurance.claims.as_json.reading import Refused
from mypolis.insurance.claims.core_system.changes import Position, UnknownPosition, changed_claims, sent_claim
from mypolis.insurance.claims.core_system.clinic_bills import take_bill
from mypolis.insurance.claims.core_system.documents import core_documents
from mypolis.insurance.claims.core_system.questions import UnknownDocument, take_question
from mypolis.insurance.claims.core_system.reports import take_report
from mypolis.insurance.claims.core_system.schemas import (
    ClinicBillBody,
    ClinicBillDoc,
    CoreClaimsDoc,
    DecisionBody,
    DecisionDoc,
    DuplicateBody,
    DuplicateDoc,
    QuestionBody,
    QuestionDoc,
)
from mypolis.insurance.claims.core_system.verdicts import paid_of, verdict_of
from mypolis.insurance.claims.lifecycle.deciding import Contradicting, IdReused
from mypolis.insurance.claims.lifecycle.duplicates import NotTheSame, close_as_duplicate
from mypolis.insurance.claims.lifecycle.states import NotAllowed
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.claims.rights import CLAIM_DECISIONS, CLAIMS, CLINIC_BILLS

router = Router(tags=["partners"])
_REFUSALS: dict[int, Any] = dict.fromkeys((403, 404, 409, 422, 429), ProblemDoc)

ChangedAfter = Annotated[
    str,
    Query(max_length=60, description="The `next` of an earlier answer, or a time with its zone for the first call."),
]
type Answered = dict[str, Any] | HttpResponseBase


def refusals_as_problems(view: Callable[..., Answered]) -> Callable[..., Answered]:
    """Turn the refusals of claims' flows into problem documents for programs."""

    @wraps(view)
    def guarded(request: HttpRequest, market: str, **kwargs: Any) -> Answered:
        try:
            return view(request, market, **kwargs)
        except IdReused:
            return problem(409, "id-reused", _("This id was sent before, with something else."))
        except NotAllowed as error:
            return problem(409, "not-possible", _("The claim does not allow this now."), state=str(error.state))
        except Contradicting as error:
            text = _("The decision does not fit together.")
            return problem(422, "contradiction", text, errors=[("lines", "contradiction", error.problem)])
        except NotTheSame:
            text = _("The other claim must be about the same person, and must go on.")
            return problem(422, "refused", text, errors=[("of", "not-the-same", text)])
        except UnknownDocument:
            text = _("The claim has no document of this kind.")
            return problem(422, "refused", text, errors=[("document", "unknown", text)])
        except Refused as error:
            return problem(422, "refused", _("The bill cannot be recorded."), errors=error.errors)
        except UnsafeText:
            text = str(UNSAFE)
            return problem(422, "refused", text, errors=[("text", "unsafe", text)])

    return guarded


@router.get(
    "/{market}/partner/claims",
    auth=Partner(CLAIMS.name),
    response={200: CoreClaimsDoc, **_REFUSALS},
    url_name="partner-claims",
)
def claims(request: HttpRequest, market: str, changed_after: ChangedAfter = "") -> Answered:
    """Sent claims, in the order in which they were changed; at most 100 at a time. None is missed."""
    profile = market_or_404(market)
    try:
        position = Position.read(changed_after)
    except UnknownPosition:
        text = _("Send the place that an earlier answer named, or a time with its zone.")
        return problem(422, "refused", text, errors=[("changed_after", "invalid", text)])
    page = changed_claims(profile, position)
    return {"claims": core_documents(page.claims), "next": str(page.position), "is_last": page.is_last}


@router.get(
    "/{market}/partner/claims/{number}/files/{file}",
    auth=Partner(CLAIMS.name),
    response=_REFUSALS,
    openapi_extra=file_answer(*CLEANED),
    url_name="partner-claim-file",
)
def file(request: HttpRequest, market: str, number: str, file: str) -> Answered:
    """A file of a claim as we cleaned it; 409 while it is being checked, or if it was refused. It is recorded."""
    claim = _claim(market, number)
    try:
        key = UUID(file)
    except ValueError:
        raise Http404("no such file") from None
    received = ReceivedFile.objects.of(claim).select_related("cleaned").filter(pk=key).first()
    if received is None:
        raise Http404("no such file")
    if received.state != ReceivedState.CLEAN or received.cleaned is None:
        text = _("This file cannot be opened: it was not checked yet, or refused.")
        return problem(409, "file-not-ready", text, state=str(received.state))
    return serve(request, received.cleaned, owner=claim, by=partner_of(request))


@router.post(
    "/{market}/partner/claims/{number}/decision",
    auth=Partner(CLAIM_DECISIONS.name),
    response={200: DecisionDoc, **_REFUSALS},
    openapi_extra=sent(partly_approved=DECISION),
    url_name="partner-claim-decision",
)
@refusals_as_problems
def decision(request: HttpRequest, market: str, number: str, body: DecisionBody) -> Answered:
    """Decide a claim, or report what became of its payment. Idempotent, and safe if messages overtake each other."""
    claim = _claim(market, number)
    verdict = verdict_of(body, claim, "partner")
    taken = take_report(claim=claim, verdict=verdict, paid=paid_of(body), by=partner_of(request))
    return {"number": claim.number, "id": body.id, "came_to": taken.came_to, "recorded_at": taken.at}


@router.post(
    "/{market}/partner/claims/{number}/information-request",
    auth=Partner(CLAIM_DECISIONS.name),
    response={200: QuestionDoc, **_REFUSALS},
    url_name="partner-claim-question",
)
@refusals_as_problems
def question(request: HttpRequest, market: str, number: str, body: QuestionBody) -> Answered:
    """Ask the member; the promised time is paused until they answer. Idempotent."""
    claim = _claim(market, number)
    asked = take_question(claim=claim, id=body.id, text=body.text, document=body.document or "", by=partner_of(request))
    return {"number": claim.number, "id": body.id, "asked_at": asked.asked_at}


@router.post(
    "/{market}/partner/clinic-bills",
    auth=Partner(CLINIC_BILLS.name),
    response={200: ClinicBillDoc, **_REFUSALS},
    url_name="partner-clinic-bill",
)
@refusals_as_problems
def clinic_bill(request: HttpRequest, market: str, body: ClinicBillBody) -> Answered:
    """Record what a clinic billed directly as a claim that the member sees, and ask them "was this you?". Idempotent.

    `partner/claims` has the claim with the answer. It is decided like any other.
    """
    claim = take_bill(profile=market_or_404(market), body=body, by=partner_of(request))
    return {"number": claim.number, "id": body.id, "recorded_at": claim.created_at}


@router.post(
    "/{market}/partner/claims/{number}/duplicate",
    auth=Partner(CLAIM_DECISIONS.name),
    response={200: DuplicateDoc, **_REFUSALS},
    url_name="partner-claim-duplicate",
)
@refusals_as_problems
def duplicate(request: HttpRequest, market: str, number: str, body: DuplicateBody) -> Answered:
    """Close a claim that was sent twice, before its first decision. The member reads the other's number. Idempotent."""
    other = sent_claim(market_or_404(market), body.of)
    if other is None:
        raise NotTheSame
    closed = close_as_duplicate(claim=_claim(market, number), of=other, by=partner_of(request))
    return {"number": closed.number, "of": other.number, "state": closed.state}


def _claim(market: str, number: str) -> Claim:
    found = sent_claim(market_or_404(market), number)
    if found is None:
        raise Http404("no such claim")
    return found
