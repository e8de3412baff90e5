"""The first pages: choice of market, landing page, and a member's home."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from mypolis.foundation.journeys.definitions import registry
from mypolis.foundation.lib.text.masking import mask_email
from mypolis.foundation.markets import all_markets
from mypolis.foundation.markets.profile import Text
from mypolis.foundation.web.branding import brand_files
from mypolis.foundation.web.branding.brand import brand_of
from mypolis.foundation.web.navigation import all_entries, menu_of, on_more
from mypolis.foundation.web.requests import market_or_404
from mypolis.foundation.web.sections import sections_of, waiting_of
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.sessions.middleware import account_of
from mypolis.membership.accounts.views import for_members
from mypolis.service.home.change_password import GOES_ON
from mypolis.service.home.overview import overview
from mypolis.service.home.ways_in import ways_in

ALWAYS: tuple[tuple[str, Text], ...] = (
    ("lock", _("Only for you: you get a code whenever someone signs in on a new device")),
    ("phone", _("Help by phone and email, from every page")),
)
"""What every portal offers, whatever its rooms."""


@require_safe
def chooser(request: HttpRequest) -> HttpResponse:
    """Choose a market; with one market only, its landing page. Requests to change a password continue to that page."""
    markets = list(all_markets().values())
    if len(markets) == 1:
        return redirect("landing", markets[0].code)
    to_password = request.GET.get("to") == "password"
    shown = [
        (
            reverse("signin", args=[profile.code]) + GOES_ON
            if to_password
            else reverse("landing", args=[profile.code]),
            profile,
            brand_of(profile.code),
            brand_files.logo(profile.code).url,
        )
        for profile in markets
    ]
    return render(request, "home/chooser.html", {"markets": shown})


@require_safe
def landing(request: HttpRequest, market: str) -> HttpResponse:
    """What the portal is for, and how to register or sign in; signed-in members are redirected home."""
    if account_of(request):
        return redirect("home", market)
    entries = [entry for entry in all_entries() if entry.promise]
    promised = [("check" if entry.route == "home" else entry.icon, entry.promise) for entry in entries]
    context = {"ways": ways_in(market_or_404(market)), "promises": [*promised, *ALWAYS]}
    return render(request, "home/landing.html", context)


@require_safe
@for_members
def home(request: HttpRequest, market: str, account: Account) -> HttpResponse:
    """The member's home: am I covered, where can I go, what is pending, and the cards that rooms add."""
    sections, bounced = sections_of(request), account.undeliverable_email
    context: dict[str, Any] = {
        "overview": overview(account),
        "bounced": mask_email(bounced.value) if bounced else "",
        "mends_email": "change-email" in registry.ways(market),
        "today": account.profile.today(),
        "waiting": waiting_of(request),
        "sections": [section for section in sections if not section.beside],
        "beside": [section for section in sections if section.beside],
        "ways_on": [entry for entry in menu_of(request, market) if not entry.is_current][:-1],
    }
    return render(request, "home/home.html", context)


@require_safe
@for_members
def more(request: HttpRequest, market: str, account: Account) -> HttpResponse:
    """Links that do not fit in the phone's navigation bar or are seldom needed."""
    return render(request, "home/more.html", {"beyond": on_more(request, market)})
