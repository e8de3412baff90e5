"""A member's bank accounts in the API. The journey `bank-account` adds one."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Status

from mypolis.foundation.journeys.schemas import ProblemDoc
from mypolis.foundation.web.problems import problem
from mypolis.foundation.web.requests import actor_of, market_or_404
from mypolis.insurance.bank_accounts import flows
from mypolis.insurance.bank_accounts.access import UnknownBankAccount, accounts_for
from mypolis.insurance.bank_accounts.presenters import bank_account_document
from mypolis.insurance.bank_accounts.schemas import BankAccountDoc, BankAccountsDoc
from mypolis.membership.accounts.api import MemberToken
from mypolis.membership.accounts.models import Account

router = Router(tags=["bank accounts"], auth=MemberToken())
REFUSALS = dict.fromkeys((401, 404, 422), ProblemDoc)

type Answered = dict[str, Any] | Status[Any] | HttpResponse


def refusals_as_problems(view: Callable[..., Answered]) -> Callable[..., Answered]:
    """Turn the refusals of this room's flows into problem documents."""

    @wraps(view)
    def guarded(request: HttpRequest, market: str, *args: Any, **kwargs: Any) -> Answered:
        market_or_404(market)
        try:
            return view(request, market, *args, **kwargs)
        except UnknownBankAccount:
            return problem(404, "unknown-bank-account", _("There is no such bank account."))

    return guarded


@router.get("/{market}/bank-accounts", response={200: BankAccountsDoc, **REFUSALS}, url_name="bank-accounts")
@refusals_as_problems
def bank_accounts(request: HttpRequest, market: str) -> Answered:
    """The member's bank accounts, masked. The journey `bank-account` adds one."""
    return {"accounts": [bank_account_document(one) for one in accounts_for(_account(request))]}


@router.post(
    "/{market}/bank-accounts/{bank_account}/default",
    response={200: BankAccountDoc, **REFUSALS},
    url_name="bank-account-default",
)
@refusals_as_problems
def pay_here(request: HttpRequest, market: str, bank_account: UUID) -> Answered:
    """Pay claims to this account from now on. Idempotent."""
    return bank_account_document(flows.pay_here(account=_account(request), key=bank_account, by=actor_of(request)))


@router.delete(
    "/{market}/bank-accounts/{bank_account}", response={204: None, **REFUSALS}, url_name="bank-account-remove"
)
@refusals_as_problems
def remove(request: HttpRequest, market: str, bank_account: UUID) -> Answered:
    """Remove an account from the member's list. Claims that were to be paid there still are."""
    flows.remove(account=_account(request), key=bank_account, by=actor_of(request))
    return Status(204, None)


def _account(request: HttpRequest) -> Account:
    account: Account = request.account  # type: ignore[attr-defined]
    return account
