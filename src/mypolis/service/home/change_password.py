"""`/.well-known/change-password` (W3C): where password managers send people to change a password.

The address belongs to the host, which may serve several markets: the one that this browser is signed in to answers,
else the one where it was signed in before, else the people choose.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from mypolis.foundation.markets import all_markets
from mypolis.foundation.web import cookies
from mypolis.membership.accounts.devices import holder_of_session, recognise
from mypolis.membership.accounts.models import Device

GOES_ON = "?to=password"


@require_safe
def change_password(request: HttpRequest) -> HttpResponse:
    """Lead to the page itself where somebody is signed in, else to a sign-in that ends there."""
    served = list(all_markets())
    signed_in = [code for code in served if _device(request, "session", code, holder_of_session)]
    if len(signed_in) == 1:
        return redirect("password", signed_in[0])
    known = signed_in or [code for code in served if _device(request, "device", code, recognise)] or served
    if len(known) == 1:
        return redirect(reverse("signin", args=known) + GOES_ON)
    return redirect(reverse("chooser") + GOES_ON)


def _device(request: HttpRequest, cookie: str, code: str, find: Callable[..., Device | None]) -> Device | None:
    """The device that this browser is in a market, asked for only where it holds a cookie of that market."""
    token = cookies.read(request, cookie, code)
    return find(token, market=code) if token else None
