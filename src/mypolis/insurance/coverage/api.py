"""A member's cover as JSON, with a bearer token. Data that the member may not access returns 404."""

from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from ninja import Query, Router

from mypolis.foundation.files.serving import CLEANED, file_answer, serve
from mypolis.foundation.journeys.schemas import ProblemDoc
from mypolis.foundation.web.problems import problem
from mypolis.foundation.web.requests import actor_of
from mypolis.insurance.coverage.billing.payments import schedule_of
from mypolis.insurance.coverage.cover import cover_of, policy_cover
from mypolis.insurance.coverage.documents.policy_documents import document_of, documents_of
from mypolis.insurance.coverage.pages.chosen_cover import asked_membership
from mypolis.insurance.coverage.pages.forms import AskForm
from mypolis.insurance.coverage.plan_books.book import json_schema
from mypolis.insurance.coverage.presenters import (
    answers_doc,
    benefit_doc,
    policy_cover_doc,
    policy_doc,
    policy_document_doc,
)
from mypolis.insurance.coverage.schemas import (
    AnswersDoc,
    BenefitDoc,
    CoverDoc,
    PaymentsDoc,
    PoliciesDoc,
    PolicyCoverDoc,
    PolicyDocumentsDoc,
    Question,
)
from mypolis.insurance.coverage.search.search import reply_to
from mypolis.membership.accounts.api import MemberToken
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.access import NotSeen, covers_seen
from mypolis.membership.people.models import Membership

router = Router(tags=["cover"])
_MEMBER = MemberToken()

Whose = Annotated[
    str, Query(max_length=20, description="Whose data: a relative's or giver's id; by default the member's own.")
]


@router.get("/schemas/plan-book.json", response=dict[str, Any], url_name="plan-book-schema")
def plan_book_schema(request: HttpRequest) -> dict[str, Any]:
    """The JSON Schema of the plan books that `mypolis cover load` reads."""
    return json_schema()


@router.get("/{market}/policies", auth=_MEMBER, response=PoliciesDoc, url_name="policies")
def policies(request: HttpRequest, market: str, whose: Whose = "") -> PoliciesDoc:
    """All current, future and past policies of the member; the current ones first."""
    return PoliciesDoc(policies=[policy_doc(cover) for cover in cover_of(*_asked(request, whose))])


@router.get("/{market}/policies/{policy}", auth=_MEMBER, response=PolicyCoverDoc, url_name="policy")
def policy(request: HttpRequest, market: str, policy: str) -> PolicyCoverDoc:
    """One policy with its benefits and the state of their limits."""
    account = _account(request)
    return policy_cover_doc(policy_cover(account, asked_membership(request, account, policy)))


@router.get("/{market}/policies/{policy}/payments", auth=_MEMBER, response=PaymentsDoc, url_name="policy-payments")
def payments(request: HttpRequest, market: str, policy: str) -> dict[str, Any]:
    """The premium payments of a policy in the current insurance year, paid and due; for the policyholder."""
    account = _account(request)
    schedule = schedule_of(asked_membership(request, account, policy), account)
    found = schedule.payments if schedule else ()
    return {"payments": [{**vars(one), "amount": one.money.amount, "currency": one.money.currency} for one in found]}


@router.get(
    "/{market}/policies/{policy}/documents", auth=_MEMBER, response=PolicyDocumentsDoc, url_name="policy-documents"
)
def documents(request: HttpRequest, market: str, policy: str) -> dict[str, Any]:
    """The documents of a policy."""
    found = documents_of(asked_membership(request, _account(request), policy, what="papers"))
    return {"documents": [policy_document_doc(one) for one in found]}


@router.get(
    "/{market}/policies/{policy}/documents/{document}",
    auth=_MEMBER,
    response={404: ProblemDoc},
    openapi_extra=file_answer(*CLEANED),
    url_name="policy-document",
)
def document(request: HttpRequest, market: str, policy: str, document: str) -> HttpResponseBase:
    """One document, byte for byte as the insurer supplied it."""
    found = document_of(asked_membership(request, _account(request), policy, what="papers"), document)
    if found is None:
        raise Http404("no such document")
    owner, file = found
    return serve(request, file, owner=owner)


@router.get("/{market}/cover", auth=_MEMBER, response=CoverDoc, url_name="cover")
def cover(request: HttpRequest, market: str, whose: Whose = "") -> CoverDoc:
    """What the member is covered for today, by policy."""
    covers = cover_of(*_asked(request, whose))
    return CoverDoc(covers=[policy_cover_doc(one) for one in covers if one.status == "active"])


@router.post(
    "/{market}/cover/search", auth=_MEMBER, response={200: AnswersDoc, 422: ProblemDoc}, url_name="cover-search"
)
def search(request: HttpRequest, market: str, body: Question) -> AnswersDoc | HttpResponse:
    """ "Am I covered for …?" It is a POST, so that the words are in no URL; it changes and stores nothing."""
    form = AskForm(data={"words": body.words})
    if not form.is_valid():
        found_errors = form.errors.get_json_data()
        errors = [(field, one["code"], one["message"]) for field, found in found_errors.items() for one in found]
        return problem(422, "refused", errors[0][2], errors=errors)
    account = _account(request)
    return answers_doc(reply_to(account, form.cleaned_data["words"], cover_of(account)))


@router.get("/{market}/benefits/{benefit}", auth=_MEMBER, response=BenefitDoc, url_name="benefit")
def benefit(
    request: HttpRequest,
    market: str,
    benefit: str,
    policy: Annotated[
        str, Query(max_length=20, description="The policy's id; by default the first policy that has the benefit.")
    ] = "",
    whose: Whose = "",
) -> BenefitDoc:
    """One benefit with its limits and conditions, what to do, and which documents a claim needs."""
    for cover in cover_of(*_asked(request, whose)):
        found = cover.benefit(benefit)
        if found is not None and policy in ("", str(cover.membership.pk)):
            return benefit_doc(found, cover)
    raise Http404("no such benefit")


def _account(request: HttpRequest) -> Account:
    account: Account = request.account  # type: ignore[attr-defined]
    return account


def _asked(request: HttpRequest, whose: str) -> tuple[Account, QuerySet[Membership]]:
    """The account that sent the request, and the memberships that it asks about; 404 where it has no access."""
    account = _account(request)
    try:
        return account, covers_seen(account, whose, what="cover", by=actor_of(request))
    except NotSeen:
        raise Http404("no such person") from None
