"""A member's bank accounts, as pages."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from mypolis.foundation.web.requests import actor_of
from mypolis.insurance.bank_accounts import flows
from mypolis.insurance.bank_accounts.access import UnknownBankAccount, accounts_for
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.views import for_members


@require_safe
@for_members
def bank_accounts(request: HttpRequest, market: str, account: Account) -> HttpResponse:
    """The member's bank accounts, masked; the one for payments first."""
    return render(request, "bank_accounts/bank_accounts.html", {"accounts": accounts_for(account)})


@require_POST
@for_members
def pay_here(request: HttpRequest, market: str, account: Account, key: UUID) -> HttpResponse:
    """Pay claims to this account from now on."""
    try:
        flows.pay_here(account=account, key=key, by=actor_of(request))
    except UnknownBankAccount:
        raise Http404("no such bank account") from None
    return redirect("bank-accounts", market)


@require_POST
@for_members
def remove(request: HttpRequest, market: str, account: Account, key: UUID) -> HttpResponse:
    """Remove an account from the list."""
    try:
        flows.remove(account=account, key=key, by=actor_of(request))
    except UnknownBankAccount:
        raise Http404("no such bank account") from None
    return redirect("bank-accounts", market)
