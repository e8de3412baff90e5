"""Letters on a policy's page: request a new one, and read those already issued."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from mypolis.foundation.files.serving import serve
from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.web.requests import actor_of
from mypolis.foundation.web.views import limit_page
from mypolis.insurance.coverage.pages.policy_page import PolicySection
from mypolis.insurance.ecard.cards import UnknownCard
from mypolis.insurance.ecard.flows import NotInForce
from mypolis.insurance.ecard.letters.letters import issue_letter, letters_of, paper_of
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.sessions.middleware import account_of
from mypolis.membership.accounts.views import for_members
from mypolis.membership.people.models import Membership

_SHOWN = 5
DOUBLE_PRESS = timedelta(minutes=1)  # without JavaScript, nothing prevents a second press of the button


def letters_on_policy(request: HttpRequest, membership: Membership) -> dict[str, Any] | None:
    """The newest letters about the member's own cover, and whether another can be issued today."""
    account = account_of(request)
    if account is None or membership.person_id != account.person_id:
        return None
    can_ask = membership.status_on(account.profile.today()) == "active"
    letters = list(letters_of(account).filter(membership=membership)[:_SHOWN])
    return {"letters": letters, "can_ask": can_ask, "policy": membership.pk} if letters or can_ask else None


@require_POST
@for_members
def write(request: HttpRequest, market: str, account: Account, policy: str) -> HttpResponse:
    """Issue a letter in one of the market's languages, and show it."""
    language = request.POST.get("language", "")
    if language not in account.profile.languages:
        language = account.profile.default_language
    try:
        letter = issue_letter(
            account=account, card_id=policy, language=language, by=actor_of(request), once_in=DOUBLE_PRESS
        )
    except UnknownCard:
        raise Http404("no such policy") from None
    except NotInForce:
        return redirect("cover-policy", market, policy)
    except LimitReached as limit:
        return limit_page(request, limit.until)
    return redirect("letter", market, letter.pk)


@require_safe
@for_members
def letter(request: HttpRequest, market: str, account: Account, letter: str) -> HttpResponseBase:
    """A letter as it was issued."""
    found = paper_of(account, letter)
    if found is None:
        raise Http404("no such letter")
    owner, file = found
    return serve(request, file, owner=owner, inline=True)


LETTERS = PolicySection(30, "ecard/parts/letters.html", letters_on_policy)
