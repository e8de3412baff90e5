"""What the API answers when claims' flows refuse something: problem documents in the language of the request."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja import Status

from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.web.problems import problem
from mypolis.foundation.web.requests import market_or_404
from mypolis.insurance.bank_accounts.access import UnknownBankAccount
from mypolis.insurance.claims import access
from mypolis.insurance.claims.as_json.documents import claim_document
from mypolis.insurance.claims.as_json.reading import Refused
from mypolis.insurance.claims.as_json.schemas import ClaimProblemDoc
from mypolis.insurance.claims.drafts.flows import (
    MOST_LINES,
    Stale,
    TooManyLines,
    UnknownBenefit,
    UnknownCase,
)
from mypolis.insurance.claims.lifecycle.following import NothingAnswered, SameAccount, TooLate, UnknownQuestion
from mypolis.insurance.claims.lifecycle.sending import Incomplete
from mypolis.insurance.claims.lifecycle.states import NotAllowed
from mypolis.insurance.claims.presenters import ShownClaim, shown
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.access import NotSeen

REFUSALS: dict[int, Any] = dict.fromkeys((401, 404, 409, 422, 429), ClaimProblemDoc)

type Answered = dict[str, Any] | Status[Any] | HttpResponseBase


class NotReady(Exception):
    """The file cannot be opened: it is still being checked, or was refused."""


class NotDecided(Exception):
    """There is no decision yet."""


def refusals_as_problems(view: Callable[..., Answered]) -> Callable[..., Answered]:
    """Turn the refusals of this room's flows into problem documents."""

    @wraps(view)
    def guarded(request: HttpRequest, market: str, **kwargs: Any) -> Answered:
        market_or_404(market)
        try:
            return view(request, market, **kwargs)
        except (access.UnknownClaim, NotSeen):
            return problem(404, "unknown-claim", _("There is no such claim."))
        except LimitReached as limit:
            return problem(429, limit.limit.name, limit.message, until=limit.until)
        except Stale as stale:
            return _stale(request, str(stale.claim.pk))
        except (NotAllowed, TooLate, NotReady, NotDecided) as error:
            return _not_now(request, error, str(kwargs["claim"]))
        except Incomplete as error:
            missing = [{"field": one.field, "text": one.text} for one in error.missing]
            return problem(422, "incomplete", _("Something is still missing."), missing=missing)
        except Refused as error:
            return problem(422, "refused", error.errors[0][2], errors=error.errors)
        except tuple(_FIELDS) as error:
            field, code = _FIELDS[type(error)]
            sentence = _sentence_of(error)
            return problem(422, "refused", sentence, errors=[(field, code, sentence)])

    return guarded


def one_shown(account: Account, claim: str) -> ShownClaim:
    """A claim that the member may see, as it is now. Raises UnknownClaim."""
    return shown([access.find(account, claim)], account)[0]


def account_of(request: HttpRequest) -> Account:
    """The member whose token the request has."""
    account: Account = request.account  # type: ignore[attr-defined]
    return account


def etag_of(version: int) -> str:
    """The ETag of a version."""
    return f'"{version}"'


_FIELDS: dict[type[Exception], tuple[str, str]] = {
    UnknownBenefit: ("benefit", "unknown"),
    UnknownCase: ("lines", "unknown"),
    UnknownBankAccount: ("pay_to", "unknown"),
    SameAccount: ("pay_to", "same"),
    TooManyLines: ("lines", "too_many"),
    UnknownQuestion: ("request", "unknown"),
    NothingAnswered: ("text", "required"),
}


def _sentence_of(error: Exception) -> str:
    match error:
        case UnknownBenefit():
            return _("The plan has no such benefit.")
        case UnknownCase():
            return _("There is no such earlier claim.")
        case UnknownBankAccount():
            return _("There is no such bank account.")
        case SameAccount():
            return _("The payment to this account came back. Please choose another account.")
        case TooManyLines():
            return _("A claim has at most %(count)s bills. Please make another claim for the rest.") % {
                "count": MOST_LINES
            }
        case UnknownQuestion():
            return _("There is no such question.")
        case _:
            return _("Please write a few words, or add a file.")


def _stale(request: HttpRequest, claim: str) -> HttpResponse:
    newer = one_shown(account_of(request), claim)
    text = _("The claim was changed on another device. Please look at the newer version first.")
    response = problem(412, "stale", text, claim=claim_document(newer))
    response["ETag"] = etag_of(newer.claim.version)
    return response


def _not_now(request: HttpRequest, error: Exception, claim: str) -> HttpResponse:
    can = list(one_shown(account_of(request), claim).can)
    match error:
        case TooLate():
            return problem(409, "too-late", _("This decision can no longer be appealed."), can=can)
        case NotReady():
            return problem(
                409, "file-not-ready", _("This file cannot be opened: it was not checked yet, or refused."), can=can
            )
        case NotDecided():
            return problem(409, "not-decided", _("This claim is not decided yet."), can=can)
        case _:
            return problem(409, "not-possible", _("The claim does not allow this now."), can=can)
