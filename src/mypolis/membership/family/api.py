"""Families and mandates as JSON, by bearer token."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Status

from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.journeys.schemas import ProblemDoc
from mypolis.foundation.web.problems import problem
from mypolis.foundation.web.requests import actor_of, market_or_404
from mypolis.membership.accounts.api import MemberToken
from mypolis.membership.accounts.models import Account
from mypolis.membership.family import flows
from mypolis.membership.family.access import NotSeen, claimable, parents_of, people_seen_by, viewings_of
from mypolis.membership.family.claim_consents import flows as consents
from mypolis.membership.family.claim_consents.candidates import candidates
from mypolis.membership.family.forms import OfferForm
from mypolis.membership.family.models import Privacy
from mypolis.membership.family.offers import Given, mandates_given, offers_to
from mypolis.membership.family.presenters import (
    candidate_document,
    claimable_document,
    consent_document,
    given_document,
    held_document,
    seen_document,
    viewing_document,
)
from mypolis.membership.family.relations.rules import may_keep_private, scopes_of
from mypolis.membership.family.schemas import (
    AskForConsent,
    ClaimablesDoc,
    ClaimConsentDoc,
    FamilyDoc,
    GivenDoc,
    HeldDoc,
    KeepPrivate,
    MandatesDoc,
    Offer,
    PrivacyDoc,
    SeersDoc,
    Widen,
)
from mypolis.membership.family.staff_relations.staff_viewings import staff_viewings_of

router = Router(tags=["family"], auth=MemberToken())
REFUSALS = dict.fromkeys((401, 404, 409, 422, 429), ProblemDoc)

type Answered = dict[str, Any] | Status[Any] | HttpResponse


def refusals_as_problems(view: Callable[..., Answered]) -> Callable[..., Answered]:
    """Turn the refusals of this room's flows into problem documents."""

    @wraps(view)
    def guarded(request: HttpRequest, market: str, *args: Any, **kwargs: Any) -> Answered:
        market_or_404(market)
        try:
            return view(request, market, *args, **kwargs)
        except flows.UnknownMandate as error:
            return problem(404, "unknown-mandate", error.message)
        except consents.UnknownConsent as error:
            return problem(404, "unknown-consent", error.message)
        except NotSeen:
            return problem(404, "not-found", _("There is nothing here."))
        except consents.CannotAsk as error:
            return problem(409, error.state.replace("_", "-"), error.message)
        except flows.NotOfAge as error:
            return problem(409, "not-of-age", error.message)
        except flows.MayNotHide as error:
            return problem(409, "may-not-hide", error.message)
        except LimitReached as limit:
            return problem(429, limit.limit.name, limit.message, until=limit.until)

    return guarded


@router.get("/{market}/family", response={200: FamilyDoc, **REFUSALS}, url_name="family")
@refusals_as_problems
def family(request: HttpRequest, market: str) -> Answered:
    """Everybody whom the member may see, with the member's role."""
    account = _account(request)
    today = account.profile.today()
    return {"people": [seen_document(seen, today) for seen in people_seen_by(account)]}


@router.get("/{market}/family/claimable", response={200: ClaimablesDoc, **REFUSALS}, url_name="family-claimable")
@refusals_as_problems
def for_whom(request: HttpRequest, market: str) -> Answered:
    """Everybody for whom the member may claim, and with which covers. Cover that ended lately is included."""
    account = _account(request)
    return {
        "people": [claimable_document(found) for found in claimable(account)],
        "needs_consent": [candidate_document(one) for one in candidates(account) if one.state != "active"],
    }


@router.post("/{market}/claim-consents", response={201: ClaimConsentDoc, **REFUSALS}, url_name="claim-consent-ask")
@refusals_as_problems
def ask_for_consent(request: HttpRequest, market: str, body: AskForConsent) -> Answered:
    """Send a relative without an account a link, with which they consent to claims that the member makes for them."""
    consent = consents.ask(asker=_account(request), person_key=body.whose, by=actor_of(request))
    return Status(201, consent_document(consent))


@router.post("/{market}/claim-consents/{consent}/end", response={204: None, **REFUSALS}, url_name="claim-consent-end")
@refusals_as_problems
def end_consent(request: HttpRequest, market: str, consent: UUID) -> Answered:
    """End a consent at once, from either side, or withdraw a request."""
    consents.end(account=_account(request), consent_id=consent, by=actor_of(request))
    return Status(204, None)


@router.get("/{market}/family/seers", response={200: SeersDoc, **REFUSALS}, url_name="family-seers")
@refusals_as_problems
def seers(request: HttpRequest, market: str) -> Answered:
    """The parents who may see the member, and who opened what, staff too. Proxies are listed with the mandates."""
    account = _account(request)
    return {
        "parents": [person.display_name for person in parents_of(account)],
        "privacy": _privacy(account),
        "viewings": [viewing_document(viewing) for viewing in viewings_of(account)],
        "staff_viewings": [{"role": one.role, "at": one.at} for one in staff_viewings_of(account.person)],
    }


@router.put("/{market}/family/privacy", response={200: PrivacyDoc, **REFUSALS}, url_name="family-privacy")
@refusals_as_problems
def privacy(request: HttpRequest, market: str, body: KeepPrivate) -> Answered:
    """Hide the member's cover from their parents, or show it again."""
    account = _account(request)
    flows.keep_private(account=account, is_private=body.is_private, by=actor_of(request))
    return _privacy(account)


@router.get("/{market}/mandates", response={200: MandatesDoc, **REFUSALS}, url_name="mandates")
@refusals_as_problems
def mandates(request: HttpRequest, market: str) -> Answered:
    """Mandates and offers from the member, and offers that wait for their answer."""
    account = _account(request)
    return {
        "given": [given_document(given) for given in mandates_given(account)],
        "offers": [held_document(mandate) for mandate in offers_to(account)],
    }


@router.post("/{market}/mandates", response={201: GivenDoc, **REFUSALS}, url_name="mandate-offer")
@refusals_as_problems
def offer(request: HttpRequest, market: str, body: Offer) -> Answered:
    """Offer somebody access to cover and card, or claims too. The answer is the same whether or not they exist."""
    account = _account(request)
    typed = {name: value for name, value in body.dict().items() if value}
    form = OfferForm(typed | {"scopes": "claims" if "claims" in body.scopes else "cover"}, profile=account.profile)
    if not form.is_valid():
        errors = [
            (name, error.code or "invalid", " ".join(error.messages))
            for name, found in form.errors.as_data().items()
            for error in found
        ]
        return problem(422, "refused", errors[0][2], errors=errors)
    mandate = flows.offer(giver=account, kind=form.kind, by=actor_of(request), **form.cleaned_data)
    return Status(201, given_document(Given(mandate, "offered")))


@router.post("/{market}/mandates/{mandate}/widen", response={201: GivenDoc, **REFUSALS}, url_name="mandate-widen")
@refusals_as_problems
def widen(request: HttpRequest, market: str, mandate: UUID, body: Widen) -> Answered:
    """Offer the proxy of an active mandate more. Until they accept, the mandate stays as it is."""
    account = _account(request)
    made = flows.widen(giver=account, mandate_id=mandate, scopes=scopes_of(body.scopes), by=actor_of(request))
    return Status(201, given_document(Given(made, "offered")))


@router.post("/{market}/mandates/{mandate}/accept", response={200: HeldDoc, **REFUSALS}, url_name="mandate-accept")
@refusals_as_problems
def accept(request: HttpRequest, market: str, mandate: UUID) -> Answered:
    """Accept an offer and become the giver's proxy. Idempotent."""
    return held_document(flows.accept(proxy=_account(request), mandate_id=mandate, by=actor_of(request)))


@router.post("/{market}/mandates/{mandate}/decline", response={204: None, **REFUSALS}, url_name="mandate-decline")
@refusals_as_problems
def decline(request: HttpRequest, market: str, mandate: UUID) -> Answered:
    """Decline an offer. The giver is not notified."""
    flows.decline(proxy=_account(request), mandate_id=mandate, by=actor_of(request))
    return Status(204, None)


@router.post("/{market}/mandates/{mandate}/end", response={204: None, **REFUSALS}, url_name="mandate-end")
@refusals_as_problems
def end(request: HttpRequest, market: str, mandate: UUID) -> Answered:
    """End a mandate at once, from either side, or withdraw an offer."""
    flows.end(account=_account(request), mandate_id=mandate, by=actor_of(request))
    return Status(204, None)


def _privacy(account: Account) -> dict[str, bool]:
    profile = account.profile
    may = may_keep_private(account.person.birth_date, profile.today(), profile.family)
    hidden = may and Privacy.objects.filter(account=account, ended_at=None).exists()
    return {"is_private": hidden, "may_keep_private": may}


def _account(request: HttpRequest) -> Account:
    account: Account = request.account  # type: ignore[attr-defined]
    return account
