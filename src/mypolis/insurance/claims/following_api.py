"""Sent claims as JSON: withdraw, appeal, answer, another account, send again, files and the explanation."""

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from mypolis.foundation.files.models import ReceivedFile, ReceivedState
from mypolis.foundation.files.serving import CLEANED, PDF, file_answer, protect, serve, serve_preview
from mypolis.foundation.web.problems import problem
from mypolis.foundation.web.requests import actor_of
from mypolis.insurance.claims import access
from mypolis.insurance.claims.api import document_of, key_of
from mypolis.insurance.claims.as_json.bodies import AnswerAboutBill, AnswerRequest, AppealClaim, PayTo
from mypolis.insurance.claims.as_json.documents import explanation_document
from mypolis.insurance.claims.as_json.examples import EXPLANATION, answered
from mypolis.insurance.claims.as_json.problem_documents import (
    REFUSALS,
    Answered,
    NotDecided,
    NotReady,
    account_of,
    one_shown,
    refusals_as_problems,
)
from mypolis.insurance.claims.as_json.reading import Refused, read_text
from mypolis.insurance.claims.as_json.schemas import ClaimDoc, ExplanationDoc
from mypolis.insurance.claims.clinic_bills.answering import answer_bill
from mypolis.insurance.claims.drafts.flows import remove_file
from mypolis.insurance.claims.lifecycle import following
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.claims.pages.explanation import explanation_of
from mypolis.insurance.claims.pages.papers import explanation_pdf
from mypolis.membership.accounts.api import MemberToken

router = Router(tags=["claims"], auth=MemberToken())
_EXPLAINED = answered(200, partly_approved=EXPLANATION)
_EXPLAINED["responses"][200]["content"] |= file_answer(PDF)["responses"][200]["content"]


@router.post("/{market}/claims/{claim}/withdraw", response={200: ClaimDoc, **REFUSALS}, url_name="claim-withdraw")
@refusals_as_problems
def withdraw(request: HttpRequest, market: str, response: HttpResponse, claim: str) -> Answered:
    """Withdraw a claim before its first decision; what it reserved is released. Idempotent."""
    account = account_of(request)
    following.withdraw(account=account, claim=key_of(claim), by=actor_of(request))
    return document_of(account, claim, response)


@router.post("/{market}/claims/{claim}/appeal", response={200: ClaimDoc, **REFUSALS}, url_name="claim-appeal")
@refusals_as_problems
def appeal(request: HttpRequest, market: str, response: HttpResponse, claim: str, body: AppealClaim) -> Answered:
    """Ask that somebody else look at the decision again: once, and until the day that the explanation names."""
    account, text = account_of(request), read_text("text", body.text, is_required=True)
    _require_files(access.find(account, claim), body.files)
    following.appeal(account=account, claim=key_of(claim), text=text, files=body.files, by=actor_of(request))
    return document_of(account, claim, response)


@router.post("/{market}/claims/{claim}/answers", response={200: ClaimDoc, **REFUSALS}, url_name="claim-answer")
@refusals_as_problems
def answer(request: HttpRequest, market: str, response: HttpResponse, claim: str, body: AnswerRequest) -> Answered:
    """Answer a question; once none is open, the review goes on. Answering again changes nothing.

    Upload a wanted paper first, as a document of its kind.
    """
    account, text = account_of(request), read_text("text", body.text, is_required=body.cannot)
    _require_files(access.find(account, claim), body.files)
    answers = {body.request: following.Answer(text=text, cannot=body.cannot, files=body.files)}
    following.answer(account=account, claim=key_of(claim), answers=answers, by=actor_of(request))
    return document_of(account, claim, response)


@router.post("/{market}/claims/{claim}/account", response={200: ClaimDoc, **REFUSALS}, url_name="claim-account")
@refusals_as_problems
def change_account(request: HttpRequest, market: str, response: HttpResponse, claim: str, body: PayTo) -> Answered:
    """Choose another account after a payment came back; it is then paid again."""
    account = account_of(request)
    following.change_account(account=account, claim=key_of(claim), pay_to=body.pay_to, by=actor_of(request))
    return document_of(account, claim, response)


@router.post("/{market}/claims/{claim}/send-again", response={201: ClaimDoc, **REFUSALS}, url_name="claim-send-again")
@refusals_as_problems
def send_again(request: HttpRequest, market: str, response: HttpResponse, claim: str) -> Answered:
    """Begin a new draft with what a rejected, lapsed or withdrawn claim held."""
    account = account_of(request)
    made = following.send_again(account=account, claim=key_of(claim), by=actor_of(request))
    return Status(201, document_of(account, str(made.pk), response))


@router.post("/{market}/claims/{claim}/clinic-bill", response={200: ClaimDoc, **REFUSALS}, url_name="claim-bill-whose")
@refusals_as_problems
def say_whose(request: HttpRequest, market: str, response: HttpResponse, claim: str, body: AnswerAboutBill) -> Answered:
    """Say whether treatment that a clinic billed directly took place. The last answer holds."""
    account, text = account_of(request), read_text("text", body.text, is_required=False)
    by = actor_of(request)
    answer_bill(account=account, claim=key_of(claim), is_mine=body.is_mine, text=text, by=by)
    return document_of(account, claim, response)


@router.get(
    "/{market}/claims/{claim}/files/{file}",
    response=REFUSALS,
    openapi_extra=file_answer(*CLEANED),
    url_name="claim-file",
)
@refusals_as_problems
def file(
    request: HttpRequest,
    market: str,
    claim: str,
    file: str,
    *,
    full: Annotated[bool, Query(description="The whole cleaned file instead of a preview.")] = False,
    page: Annotated[int, Query(ge=1, le=10_000, description="The page of the preview.")] = 1,
) -> Answered:
    """A small picture of a page of a file, or the file as we cleaned it; never the bytes that were received.

    409 while it is being checked.
    """
    account = account_of(request)
    found = access.find(account, claim)
    received = ReceivedFile.objects.of(found).select_related("cleaned").filter(pk=key_of(file)).first()
    if received is None:
        return problem(404, "unknown-file", _("There is no such file."))
    if received.state != ReceivedState.CLEAN or received.cleaned is None:
        raise NotReady
    access.record_viewings(account, [found], by=actor_of(request))
    return serve(request, received.cleaned, owner=found) if full else serve_preview(request, received, page)


@router.delete("/{market}/claims/{claim}/files/{file}", response={204: None, **REFUSALS}, url_name="claim-file-remove")
@refusals_as_problems
def remove(request: HttpRequest, market: str, claim: str, file: str) -> Answered:
    """Remove a file from a draft. Idempotent."""
    remove_file(account=account_of(request), claim=key_of(claim), file=key_of(file), by=actor_of(request))
    return Status(204, None)


@router.get(
    "/{market}/claims/{claim}/eob",
    response={200: ExplanationDoc, **REFUSALS},
    openapi_extra=_EXPLAINED,
    url_name="claim-explanation",
)
@refusals_as_problems
def explanation(
    request: HttpRequest,
    market: str,
    claim: str,
    format: Literal["json", "pdf"] = "json",  # noqa: A002
) -> Answered:
    """The explanation of benefits: billed, paid, your share and why, line by line. 409 before a decision."""
    account = account_of(request)
    found = one_shown(account, claim)
    explained = explanation_of(found)
    if explained is None:
        raise NotDecided
    access.record_viewings(account, [found.claim], by=actor_of(request))
    if format == "json":
        return explanation_document(found)
    response = HttpResponse(explanation_pdf(explained), content_type=PDF)
    protect(response, name=f"{_('Explanation of benefits')} {found.claim.number}.pdf", inline=False)
    return response


def _require_files(claim: Claim, files: Sequence[UUID]) -> None:
    """Refuse files that are not the claim's. Raises Refused."""
    known = set(ReceivedFile.objects.of(claim).filter(pk__in=files).values_list("pk", flat=True))
    if set(files) - known:
        raise Refused(("files", "unknown", _("One of the files is not part of this claim.")))
