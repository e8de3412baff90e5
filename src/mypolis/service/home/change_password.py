"""`/.well-known/change-password` (W3C): where password managers send people to change a password.

The URL belongs to the host, which may serve several markets. We use the market in which this browser is signed in,
else the one in which it was signed in before; otherwise the person chooses.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from mypolis.foundation.markets import all_markets
from mypolis.foundation.web import cookies
from mypolis.membership.accounts.models import Device
from mypolis.membership.accounts.sessions.devices import holder_of_session, recognise

GOES_ON = "?to=password"


@require_safe
def change_password(request: HttpRequest) -> HttpResponse:
    """Redirect to the change page if the person is signed in, otherwise to a sign-in that leads there."""
    served = list(all_markets())
    signed_in = [code for code in served if _device(request, "session", code, holder_of_session)]
    if len(signed_in) == 1:
        return redirect("password", signed_in[0])
    known = signed_in or [code for code in served if _device(request, "device", code, recognise)] or served
    if len(known) == 1:
        return redirect(reverse("signin", args=known) + GOES_ON)
    return redirect(reverse("chooser") + GOES_ON)


def _device(request: HttpRequest, cookie: str, code: str, find: Callable[..., Device | None]) -> Device | None:
    """This browser's device in a market; queried only if the browser has a cookie of that market."""
    token = cookies.read(request, cookie, code)
    return find(token, market=code) if token else None
