"""Claims as JSON, by bearer token: list, begin, read, save, send, discard. `following_api` has what comes after."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Header, Query, Router, Status

from mypolis.foundation.lib.row_number import row_number
from mypolis.foundation.web.problems import problem
from mypolis.foundation.web.requests import actor_of
from mypolis.insurance.claims import access
from mypolis.insurance.claims.as_json import examples
from mypolis.insurance.claims.as_json.bodies import ChangeClaim, Start
from mypolis.insurance.claims.as_json.documents import claim_document
from mypolis.insurance.claims.as_json.problem_documents import (
    REFUSALS,
    Answered,
    account_of,
    etag_of,
    one_shown,
    refusals_as_problems,
)
from mypolis.insurance.claims.as_json.reading import Refused, read_changes, read_version
from mypolis.insurance.claims.as_json.schemas import ClaimDoc, ClaimProblemDoc, ClaimsDoc
from mypolis.insurance.claims.drafts import flows
from mypolis.insurance.claims.lifecycle.sending import submit
from mypolis.insurance.claims.models import Claim, ClaimQuerySet
from mypolis.insurance.claims.presenters import shown
from mypolis.membership.accounts.api import MemberToken
from mypolis.membership.accounts.models import Account

PAGE = 20
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_CURSOR_HELP = "The `next` of the page before."

router = Router(tags=["claims"], auth=MemberToken())

Whose = Annotated[
    str, Query(max_length=20, description="Only a person's claims: the member's own id, a relative's or a giver's.")
]
After = Annotated[str, Query(max_length=60, description=_CURSOR_HELP)]
IfMatch = Annotated[
    str, Header(alias="If-Match", max_length=40, description='The version that the client has, in quotes: "7".')
]


@router.get(
    "/{market}/claims",
    response={200: ClaimsDoc, **REFUSALS},
    openapi_extra=examples.answered(200, one_claim={"claims": [examples.DECIDED], "next": None}),
    url_name="claims",
)
@refusals_as_problems
def claims(request: HttpRequest, market: str, whose: Whose = "", after: After = "") -> Answered:
    """The claims that the member may see, drafts included, newest first; `estimate` and `sections` are null here."""
    account = account_of(request)
    rows = _after(_of(access.claims_of(account), account, whose), after)
    found = list(rows.select_related("membership__person")[: PAGE + 1])
    page = found[:PAGE]
    access.record_viewings(account, page, by=actor_of(request))
    return {
        "claims": [claim_document(one, is_in_list=True) for one in shown(page, account)],
        "next": _cursor(page[-1]) if len(found) > PAGE else None,
    }


@router.post(
    "/{market}/claims",
    response={201: ClaimDoc, **REFUSALS},
    openapi_extra=examples.answered(201, draft_with_a_bill=examples.DRAFT),
    url_name="claim-new",
)
@refusals_as_problems
def start(request: HttpRequest, market: str, response: HttpResponse, body: Start) -> Answered:
    """Begin a draft, for all devices of the member. Usually, it is kept for 90 days after its last change."""
    account = account_of(request)
    made = flows.start(account=account, membership=body.membership, benefit=body.benefit, by=actor_of(request))
    return Status(201, document_of(account, str(made.pk), response))


@router.get(
    "/{market}/claims/{claim}",
    response={200: ClaimDoc, **REFUSALS},
    openapi_extra=examples.answered(200, draft_with_a_bill=examples.DRAFT, decided_with_timeline=examples.DECIDED),
    url_name="claim",
)
@refusals_as_problems
def read(request: HttpRequest, market: str, response: HttpResponse, claim: str) -> Answered:
    """One claim. The ETag is its version."""
    account = account_of(request)
    access.record_viewings(account, [access.find(account, claim)], by=actor_of(request))
    return document_of(account, claim, response)


@router.patch(
    "/{market}/claims/{claim}",
    response={200: ClaimDoc, **REFUSALS, 412: ClaimProblemDoc, 428: ClaimProblemDoc},
    openapi_extra={**examples.sent(bill=examples.CHANGE), **examples.answered(200, draft_with_a_bill=examples.DRAFT)},
    url_name="claim-save",
)
@refusals_as_problems
def save(
    request: HttpRequest, market: str, response: HttpResponse, claim: str, *, body: ChangeClaim, if_match: IfMatch = ""
) -> Answered:
    """Save fields of a draft, under the version that the client has.

    If another device saved meanwhile, nothing is saved, and 412 has the newer document.
    """
    account = account_of(request)
    draft = access.find(account, claim)
    try:
        version = read_version(if_match)
    except ValueError:
        text = _("Say which version you have, so that you do not undo what another device saved.")
        return problem(428, "version-needed", text)
    if draft.is_draft and draft.version != version:
        raise flows.Stale(draft)
    changes = read_changes(body, draft.lines.all())
    flows.save(account=account, claim=draft.pk, version=draft.version, changes=changes, by=actor_of(request))
    return document_of(account, claim, response)


@router.post("/{market}/claims/{claim}/submit", response={200: ClaimDoc, **REFUSALS}, url_name="claim-submit")
@refusals_as_problems
def send(request: HttpRequest, market: str, response: HttpResponse, claim: str) -> Answered:
    """Send a draft; sending it twice does no harm. 422 says in `missing` what it lacks."""
    account = account_of(request)
    submit(account=account, claim=key_of(claim), by=actor_of(request))
    return document_of(account, claim, response)


@router.delete("/{market}/claims/{claim}", response={204: None, **REFUSALS}, url_name="claim-discard")
@refusals_as_problems
def discard(request: HttpRequest, market: str, claim: str) -> Answered:
    """Delete a draft with its files."""
    flows.discard(account=account_of(request), claim=key_of(claim), by=actor_of(request))
    return Status(204, None)


def document_of(account: Account, claim: str, response: HttpResponse) -> dict[str, Any]:
    """The claim as it is now, and its version as the answer's ETag."""
    found = one_shown(account, claim)
    response["ETag"] = etag_of(found.claim.version)
    return claim_document(found)


def key_of(text: str) -> UUID:
    """The key of a claim or file in an address. Raises UnknownClaim for a text that is none."""
    try:
        return UUID(text)
    except ValueError:
        raise access.UnknownClaim from None


def _of(rows: ClaimQuerySet, account: Account, whose: str) -> ClaimQuerySet:
    """The claims of one person. Raises UnknownClaim for somebody for whom the member cannot claim."""
    if not whose:
        return rows
    person = row_number(whose)
    if person != account.person_id and person not in {one.person.pk for one in access.for_whom(account)}:
        raise access.UnknownClaim
    return rows.filter(membership__person=person)


def _after(rows: ClaimQuerySet, cursor: str) -> ClaimQuerySet:
    """The claims that come after the cursor. It names a time as well, because the draft may be gone."""
    if not cursor:
        return rows
    made, _dash, key = cursor.partition("-")
    try:
        at = _EPOCH + timedelta(microseconds=int(made))
        return rows.filter(Q(created_at__lt=at) | Q(created_at=at, pk__lt=UUID(key)))
    except (ValueError, OverflowError):
        text = _("There is no such page of the list.")
        raise Refused(("after", "invalid", text)) from None


def _cursor(claim: Claim) -> str:
    return f"{(claim.created_at - _EPOCH) // timedelta(microseconds=1)}-{claim.pk.hex}"
