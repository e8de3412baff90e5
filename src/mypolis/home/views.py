"""The first pages: which market, what the portal is for, and a member's home."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mypolis.accounts.middleware import account_of
from mypolis.accounts.models import Account
from mypolis.accounts.views import for_members
from mypolis.home.overview import overview
from mypolis.markets import all_markets
from mypolis.web.brand import brand_of


@require_safe
def chooser(request: HttpRequest) -> HttpResponse:
    """Which market; with one market only, its landing page."""
    markets = list(all_markets().values())
    if len(markets) == 1:
        return redirect("landing", markets[0].code)
    return render(request, "home/chooser.html", {"markets": [(profile, brand_of(profile.code)) for profile in markets]})


@require_safe
def landing(request: HttpRequest, market: str) -> HttpResponse:
    """What the portal is for, and the ways in; members go home."""
    return redirect("home", market) if account_of(request) else render(request, "home/landing.html")


@require_safe
@for_members
def home(request: HttpRequest, market: str, account: Account) -> HttpResponse:
    """Am I covered: the member's policies, their periods and what holds today."""
    context: dict[str, Any] = {
        "overview": overview(account),
        "rooms": [(reverse("home", args=[market]), _("Home"), "home", True)],
        "signout_url": reverse("signout", args=[market]),
    }
    return render(request, "home/home.html", context)
