"""A member's guarantees as JSON, by bearer token: list, ask, read, open the letter."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import wraps
from typing import Annotated, Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from mypolis.foundation.files.serving import PDF, file_answer, serve
from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.journeys.schemas import ProblemDoc
from mypolis.foundation.web.problems import problem
from mypolis.foundation.web.requests import actor_of, market_or_404
from mypolis.insurance.guarantees.access import UnknownGuarantee, find_numbered, guarantees_of, record_viewings
from mypolis.insurance.guarantees.forms import sentence_of
from mypolis.insurance.guarantees.letters.letters import newest_paper
from mypolis.insurance.guarantees.lifecycle.asking import Refused, Wish, ask_as_member
from mypolis.insurance.guarantees.models import Guarantee, GuaranteeQuerySet
from mypolis.insurance.guarantees.presenters import guarantee_document
from mypolis.insurance.guarantees.schemas import AskBody, GuaranteeDoc, GuaranteesDoc
from mypolis.insurance.providers.models import Provider
from mypolis.membership.accounts.api import MemberToken
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.access import NotSeen

PAGE = 20
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
REFUSALS: dict[int, Any] = dict.fromkeys((401, 404, 422, 429), ProblemDoc)

router = Router(tags=["guarantees"], auth=MemberToken())

type Answered = dict[str, Any] | Status[Any] | HttpResponseBase

After = Annotated[str, Query(max_length=60, description="The `next` of the page before.")]


class BadPlace(Exception):
    """The text names no page."""


def refusals_as_problems(view: Callable[..., Answered]) -> Callable[..., Answered]:
    """Turn the refusals of this room's flows into problem documents."""

    @wraps(view)
    def guarded(request: HttpRequest, market: str, **kwargs: Any) -> Answered:
        market_or_404(market)
        try:
            return view(request, market, **kwargs)
        except (UnknownGuarantee, NotSeen):
            return problem(404, "unknown-guarantee", _("There is no such guarantee."))
        except LimitReached as limit:
            return problem(429, limit.limit.name, limit.message, until=limit.until)
        except Refused as refused:
            sentence = sentence_of(refused)
            return problem(422, "refused", sentence, errors=[(refused.field, refused.code, sentence)])
        except BadPlace:
            sentence = _("This value cannot be used here.")
            return problem(422, "refused", sentence, errors=[("after", "invalid", sentence)])

    return guarded


@router.get("/{market}/guarantees", response={200: GuaranteesDoc, **REFUSALS}, url_name="guarantees")
@refusals_as_problems
def guarantees(request: HttpRequest, market: str, after: After = "") -> Answered:
    """The guarantees that the member may see, newest first."""
    account = _account(request)
    found = list(_after(guarantees_of(account), after).prefetch_related("changes")[: PAGE + 1])
    page = found[:PAGE]
    record_viewings(account, page, by=actor_of(request))
    return {
        "guarantees": [guarantee_document(one) for one in page],
        "next": _cursor(page[-1]) if len(found) > PAGE else None,
    }


@router.post("/{market}/guarantees", response={201: GuaranteeDoc, **REFUSALS}, url_name="guarantee-ask")
@refusals_as_problems
def ask(request: HttpRequest, market: str, body: AskBody) -> Answered:
    """Ask for a guarantee before planned treatment, as on the page; a simple one is given at once."""
    account = _account(request)
    wish = _wish(body, market)
    made = ask_as_member(account=account, membership=body.membership, wish=wish, by=actor_of(request))
    return Status(201, guarantee_document(find_numbered(account, made.number)))


@router.get("/{market}/guarantees/{number}", response={200: GuaranteeDoc, **REFUSALS}, url_name="guarantee")
@refusals_as_problems
def read(request: HttpRequest, market: str, number: str) -> Answered:
    """One guarantee, by its number."""
    return guarantee_document(_opened(request, number))


@router.get(
    "/{market}/guarantees/{number}/letter",
    response=REFUSALS,
    openapi_extra=file_answer(PDF),
    url_name="guarantee-letter",
)
@refusals_as_problems
def letter(request: HttpRequest, market: str, number: str) -> Answered:
    """The newest letter as a PDF; 404 before the guarantee was given."""
    paper = newest_paper(_opened(request, number))
    if paper is None:
        return problem(404, "no-letter", _("There is no letter yet."))
    owner, file = paper
    return serve(request, file, owner=owner, inline=True)


def _account(request: HttpRequest) -> Account:
    account: Account = request.account  # type: ignore[attr-defined]
    return account


def _opened(request: HttpRequest, number: str) -> Guarantee:
    account = _account(request)
    found = find_numbered(account, number)
    record_viewings(account, [found], by=actor_of(request))
    return found


def _wish(body: AskBody, market: str) -> Wish:
    """Raises Refused for a day that does not exist, or a provider that is not in the directory."""
    provider = None
    if body.provider:
        provider = Provider.objects.active_in(market).filter(code=body.provider).first()
        if provider is None:
            raise Refused("provider", "unknown")
    return Wish(
        benefit=body.benefit,
        planned_from=_day("planned_from", body.planned_from),
        planned_to=_day("planned_to", body.planned_to),
        expected=Decimal(body.expected),
        provider=provider,
        provider_name=body.provider_name,
    )


def _day(field: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(field, "invalid") from None


def _after(rows: GuaranteeQuerySet, after: str) -> GuaranteeQuerySet:
    if not after:
        return rows
    microseconds, _dash, key = after.partition("-")
    try:
        moment, pk = _EPOCH + timedelta(microseconds=int(microseconds)), UUID(key)
    except (ValueError, OverflowError):
        raise BadPlace from None
    return rows.filter(Q(asked_at__lt=moment) | Q(asked_at=moment, pk__lt=pk))


def _cursor(one: Guarantee) -> str:
    return f"{(one.asked_at - _EPOCH) // timedelta(microseconds=1)}-{one.pk.hex}"
